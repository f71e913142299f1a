#include "tests/integration/cluster/member.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <utility>

namespace mfo::integration {

using nlohmann::json;

member::member(member_plan plan, std::string host, const place* where)
  : plan_(std::move(plan)), host_(std::move(host)), place_(where) {}

std::string member::address() const {
  return fmt::format("{}:{}", host_, cluster_port());
}

std::string member::listeners() const {
  return fmt::format("node_name: {}\nlisten: 127.0.0.1:{}\n"
                     "admin_listen: 127.0.0.1:{}\n",
                     name(), port_.number(), admin_port_.number());
}

void member::enter(std::optional<visit>& here) const {
  if (place_ != nullptr)
    here.emplace(*place_);
}

void member::launch(const std::string& configuration,
                    std::vector<std::string> wrapper) {
  wrapped_ = !wrapper.empty();
  command_ = std::move(wrapper);
  command_.insert(command_.end(), {binary, "run", "--config", configuration});
  launch_again();
}

void member::launch_again() {
  std::optional<visit> here;
  enter(here);
  process_ = std::make_unique<child_process>(
      command_,
      child_process::variables{{"WEBHOOK_SECRET", std::string{secret}}});
}

bool member::becomes_ready() {
  if (process_->wait_for_line("\"message\":\"node ready\""))
    return true;
  ADD_FAILURE() << name() << " is not ready: " << process_->output()
                << process_->errors();
  return false;
}

bool member::runs() {
  return process_ && !process_->wait(std::chrono::milliseconds{0});
}

void member::kill() {
  signal(SIGKILL);
  EXPECT_TRUE(process_->wait());
}

std::optional<int> member::stop() {
  signal(SIGTERM);
  return process_->wait();
}

pid_t member::pid() const {
  if (!wrapped_)
    return process_->pid();
  const auto parent = std::to_string(process_->pid());
  std::ifstream children{"/proc/" + parent + "/task/" + parent + "/children"};
  pid_t child = -1;
  children >> child;
  return child;
}

void member::signal(int number) const {
  if (!wrapped_)
    process_->signal(number);
  else if (const auto child = pid(); child > 0)
    ::kill(child, number);
}

answer member::post(std::string_view path, std::string_view body,
                    const field_list& more) const {
  auto fields = signed_fields(body);
  fields.insert(fields.end(), more.begin(), more.end());
  std::optional<visit> here;
  enter(here);
  return devserver::ask(port_.number(), "POST", path, body, fields);
}

answer member::ask_admin(std::string_view method, std::string_view target,
                         std::string_view body) const {
  std::optional<visit> here;
  enter(here);
  return devserver::ask(admin_port_.number(), method, target, body,
                        {{"Host", "localhost"}});
}

std::string member::metrics() const {
  return ask_admin("GET", "/metrics").body;
}

double member::sum(std::string_view metric, std::string_view label) const {
  return sum_of(metrics(), metric, label);
}

bool member::is_ready() const {
  return ask_admin("GET", "/health/ready").status == 200;
}

json member::table() const {
  const auto reply =
      json::parse(ask_admin("GET", "/api/v1/cluster").body, nullptr, false);
  auto members = json::object();
  if (reply.is_object())
    for (const auto& each : reply["members"])
      members[each["name"].get<std::string>()] = each;
  return members;
}

std::string member::sees(const std::string& other) const {
  const auto members = table();
  return members.contains(other) ? members[other].value("state", "") : "";
}

std::string member::incarnation() const {
  return table()[name()].value("incarnation", "");
}

std::vector<json> member::logged(std::string_view message) const {
  std::vector<json> found;
  for (const auto& text : process_->lines())
    if (auto line = json::parse(text, nullptr, false);
        line.is_object() && line.value("message", "") == message)
      found.push_back(std::move(line));
  return found;
}

bool member::has_kept(const std::string& peer) const {
  // Both may dial at the same time, and then one of two links ends.
  const auto ups = logged("link up");
  return table()[peer].value("linked", false) &&
         std::ranges::count_if(
             ups, [&](const json& line) { return line["node"] == peer; }) == 1;
}

std::size_t member::resident() const {
  std::ifstream file{fmt::format("/proc/{}/statm", pid())};
  std::size_t all = 0;
  std::size_t pages = 0;
  file >> all >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

} // namespace mfo::integration
