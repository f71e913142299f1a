#include "tests/integration/cluster/cluster_fixture.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <sstream>
#include <utility>

namespace mfo::integration {

using nlohmann::json;

namespace {

constexpr std::chrono::seconds healed{10};

/// What must be the same on all nodes in the end.
json agreed(const json& table) {
  auto result = json::array();
  for (const auto& [name, each] : table.items())
    result.push_back({name, each["state"], each["incarnation"], each["address"],
                      each["draining"]});
  return result;
}

} // namespace

std::string read_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream{path, std::ios::binary}.rdbuf();
  return text.str();
}

void a_cluster::SetUp() {
  const auto made = run(
      {"cluster", "init-ca", "--cluster", "shop", "--folder", folder / "ca"});
  ASSERT_EQ(made.status, 0) << made.err;
  server = std::make_unique<devserver::server>(
      network ? devserver::options{.host = node_network::server_address,
                                   .allow_remote = true}
              : devserver::options{});
  std::optional<support::network_namespace::visit> here;
  if (network)
    here.emplace(network->middle());
  const auto started = server->start();
  ASSERT_TRUE(started) << started.error();
}

void a_cluster::issue(const std::string& name) {
  const auto made = run({"cluster", "issue", name, "--folder", folder / "ca"});
  ASSERT_EQ(made.status, 0) << made.err;
}

member& a_cluster::add(const member_plan& plan) {
  if (plan.certificates.empty())
    issue(plan.name);
  if (network)
    return members.emplace_back(plan, network->peer_address(plan.name),
                                &network->of(plan.name));
  return members.emplace_back(plan, "127.0.0.1", nullptr);
}

std::string a_cluster::write(const member& node) const {
  return folder.write(node.name() + ".yaml", configuration(node));
}

void a_cluster::launch(member& node, const std::vector<std::string>& wrapper) {
  node.launch(write(node), wrapper);
}

void a_cluster::start(const std::vector<member_plan>& plans) {
  for (const auto& plan : plans)
    add(plan);
  for (auto& each : members)
    launch(each);
  for (auto& each : members)
    ASSERT_TRUE(each.becomes_ready());
  ASSERT_TRUE(becomes_whole());
}

void a_cluster::start_three() {
  start({{.name = "node-a"}, {.name = "node-b"}, {.name = "node-c"}});
}

std::string a_cluster::configuration(const member& node) const {
  std::vector<std::string> seeds;
  for (const auto& each : members)
    seeds.push_back(each.address());
  const auto& plan = node.plan();
  const auto& files =
      plan.certificates.empty() ? folder / "ca" : plan.certificates;
  const auto& owner =
      plan.certificate_of.empty() ? plan.name : plan.certificate_of;
  return fmt::format(R"({}
servers: {{default: {{url: "{}", max_in_flight: 64}}}}
dead_letters: [{{name: disk, type: file, path: letters-{}}}]
retries: {{default: {{delay: 50ms, max_delay: 200ms}}}}
endpoints:
  - id: completed
    path: /completed
    timeout: 30s
    delivery_id_header: X-Delivery
    signature: {{scheme: hmac, secret: "${{WEBHOOK_SECRET}}"}}
  - id: received
    path: /received
    ack: received
    delivery_id_header: X-Delivery
    signature: {{scheme: hmac, secret: "${{WEBHOOK_SECRET}}"}}
  - id: replicated
    path: /replicated
    ack: replicated
    delivery_id_header: X-Delivery
    signature: {{scheme: hmac, secret: "${{WEBHOOK_SECRET}}"}}
cluster:
  name: {}
  listen: {}
  seeds: [{}]
  roles: [{}]
  heartbeat: 200ms
  suspect_after: 1s
  dead_after: 3s
  local_threshold: 0
  tls:
    certificate: {}/{}.crt
    key: {}/{}.key
    ca: {}/ca.crt
{})",
                     node.listeners(), server->url(), plan.name, plan.cluster,
                     node.address(), fmt::join(seeds, ", "), plan.roles, files,
                     owner, files, owner, files, plan.more);
}

member& a_cluster::operator[](std::string_view name) {
  return *std::ranges::find(members, name, &member::name);
}

bool a_cluster::is_whole() {
  std::vector<json> tables;
  for (auto& each : members)
    if (each.runs())
      tables.push_back(each.table());
  return std::ranges::all_of(tables, [&](const json& table) {
    const auto alive =
        std::count_if(table.begin(), table.end(), [](const json& each) {
          // Who has not told yet what it can do is given no work.
          return each["state"] == "alive" && each["max_in_flight"] > 0 &&
                 (each["self"] || each["linked"]);
        });
    return static_cast<std::size_t>(alive) == tables.size() &&
           agreed(table) == agreed(tables.front());
  });
}

bool a_cluster::becomes_whole(std::chrono::milliseconds longest) {
  if (wait_until([this] { return is_whole(); }, longest))
    return true;
  for (auto& each : members)
    if (each.runs())
      ADD_FAILURE() << each.name() << " sees " << each.table().dump(1);
  return false;
}

a_cluster::ended a_cluster::run(std::vector<std::string> words) {
  words.insert(words.begin(), binary);
  child_process command{
      words, child_process::variables{{"WEBHOOK_SECRET", std::string{secret}}}};
  const auto status = command.wait();
  return {status.value_or(-1), command.output(), command.errors()};
}

a_cluster::ended a_cluster::run_at(const member& node,
                                   std::vector<std::string> words) const {
  words.insert(words.end(), {"--config", folder / (node.name() + ".yaml")});
  return run(std::move(words));
}

void a_cluster::set_faults(std::string_view text) {
  const auto set = server->set_faults(text);
  ASSERT_TRUE(set) << set.error();
}

std::set<std::string> a_cluster::ids_at_server() const {
  const auto ids = server->ids();
  return {ids.begin(), ids.end()};
}

bool a_cluster::has_all(const std::vector<std::string>& ids) const {
  const auto there = ids_at_server();
  return std::ranges::all_of(
      ids, [&](const auto& each) { return there.contains(each); });
}

void a_cluster::TearDown() {
  std::vector<member*> running;
  for (auto& each : members)
    if (each.runs())
      running.push_back(&each);
  for (auto* each : running)
    expect_nothing_left(*each);
  for (auto* each : running)
    each->signal(SIGTERM);
  for (auto* each : running) {
    EXPECT_EQ(each->process().wait(), 0) << each->name();
    expect_good_log(*each);
  }
  if (!HasFailure())
    return;
  for (auto& each : members)
    if (each.was_launched())
      std::cerr << "--- " << each.name() << '\n'
                << each.process().output() << each.process().errors();
}

void a_cluster::expect_nothing_left(member& node) {
  std::string now;
  EXPECT_TRUE(wait_until([&] {
    now = node.metrics();
    return sum_of(now, "mfo_events_in_flight") == 0 &&
           sum_of(now, "mfo_bytes_in_flight") == 0 &&
           sum_of(now, "mfo_cluster_events_away") == 0 &&
           sum_of(now, "mfo_cluster_events_of_peers") == 0 &&
           sum_of(now, "mfo_cluster_events_waiting") == 0;
  })) << node.name()
      << '\n'
      << now;
  expect_balance(now);
}

void a_cluster::expect_good_log(member& node) const {
  // Sanitizers report here as well.
  EXPECT_EQ(node.process().errors(), "") << node.name();
  for (const auto& text : node.process().lines()) {
    const auto line = json::parse(text, nullptr, false);
    ASSERT_TRUE(line.is_object()) << "no JSON object: " << text;
    if (!may_log_errors) {
      EXPECT_NE(line.value("level", ""), "error") << text;
    }
  }
}

void a_networked_cluster::SetUp() {
  if (const auto why = support::network_namespace::why_not(); !why.empty())
    GTEST_SKIP() << why;
  network = std::make_unique<node_network>(
      std::vector<std::string>{"node-a", "node-b", "node-c"});
  a_cluster::SetUp();
}

std::vector<std::string> a_networked_cluster::incarnations() const {
  std::vector<std::string> all;
  for (const auto& each : members)
    all.push_back(each.incarnation());
  return all;
}

void a_networked_cluster::expect_to_heal(
    const std::vector<std::string>& before) {
  EXPECT_TRUE(becomes_whole(healed));
  EXPECT_EQ(incarnations(), before) << "somebody was restarted";
}

void crowd::post(const member& to, const std::string& path, int count) {
  for (int i = 0; i < count; ++i)
    answers_.push_back(std::async(
        std::launch::async, [&to, path, body = std::to_string(number_++)] {
          return to.post(path, body);
        }));
}

std::vector<std::string> crowd::ids() {
  std::vector<std::string> all;
  for (auto& each : answers_) {
    const auto got = each.get();
    EXPECT_EQ(got.status, 202) << got.head << got.body;
    if (got.status == 202)
      all.push_back(event_id(got));
  }
  answers_.clear();
  return all;
}

} // namespace mfo::integration
