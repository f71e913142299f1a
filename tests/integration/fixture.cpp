#include "tests/integration/fixture.hpp"

#include <csignal>

namespace mfo::integration {

using nlohmann::json;
using testing::HasSubstr;

namespace {

/// Of "127.0.0.1:8088".
std::uint16_t port_of(const json& address) {
  const auto text = address.get<std::string>();
  return static_cast<std::uint16_t>(
      std::stoul(text.substr(text.rfind(':') + 1)));
}

} // namespace

field_list signed_fields(std::string_view body, std::string_view with,
                         const std::string& header) {
  return {{"Content-Type", "application/json"},
          {header, support::hex_hmac_sha256(with, body)}};
}

std::string signed_request(std::string_view body, std::string_view path) {
  std::string text{"POST "};
  text.append(path).append(" HTTP/1.1\r\nHost: test\r\n");
  for (const auto& [name, value] : signed_fields(body))
    text.append(name).append(": ").append(value).append("\r\n");
  text.append("Content-Length: ").append(std::to_string(body.size()));
  return text.append("\r\n\r\n").append(body);
}

std::string event_id(const answer& got) {
  const auto body = json::parse(got.body, nullptr, false);
  if (body.is_object() && body.contains("event_id"))
    return body["event_id"].get<std::string>();
  ADD_FAILURE() << "no event id in " << got.head << '\n' << got.body;
  return {};
}

std::string payload_of(const devserver::event_ptr& event) {
  constexpr std::string_view before{",\"payload\":"};
  constexpr std::string_view after{",\"metadata\":{\"endpoint\":"};
  const auto begin = event->body.find(before) + before.size();
  return event->body.substr(begin, event->body.rfind(after) - begin);
}

void expect_problem(const answer& got, int status, std::string_view slug) {
  EXPECT_EQ(got.status, status) << got.body;
  EXPECT_EQ(got.header("content-type"), "application/problem+json");
  const auto body = json::parse(got.body, nullptr, false);
  ASSERT_TRUE(body.is_object()) << got.body;
  EXPECT_EQ(body.value("status", 0), status);
  EXPECT_THAT(body.value("type", ""), testing::EndsWith(std::string{slug}));
  EXPECT_EQ(body.value("event_id", "").size(), 36u) << got.body;
}

void expect_balance(const std::string& exposition) {
  EXPECT_EQ(sum_of(exposition, "mfo_events_received_total"),
            sum_of(exposition, "mfo_events_delivered_total") +
                sum_of(exposition, "mfo_events_refused_total") +
                sum_of(exposition, "mfo_events_dead_lettered_total") +
                sum_of(exposition, "mfo_events_handed_over_total") +
                sum_of(exposition, "mfo_events_in_flight"));
}

void running_node::serve(devserver::options settings) {
  server = nullptr; // it lets go of the port
  settings.port = server_port_.number();
  server = std::make_unique<devserver::server>(std::move(settings));
  const auto started = server->start();
  ASSERT_TRUE(started) << started.error();
  server_url = server->url();
}

void running_node::start(std::string_view extra,
                         const std::vector<std::string>& arguments) {
  std::string text{"webhook_path: /webhook\n"
                   "webhook_secret: ${WEBHOOK_SECRET}\n"};
  start_with(text.append(extra), arguments);
}

std::string running_node::configure(std::string_view configuration,
                                    std::string_view name) {
  auto text = "listen: " + listen + "\nadmin_listen: " + admin_listen + "\n";
  if (server_options.empty())
    text.append("server_url: ").append(server_url).append("\n");
  else
    text.append("servers: {default: {url: \"")
        .append(server_url)
        .append("\", ")
        .append(server_options)
        .append("}}\n");
  return folder.write(name, text.append(configuration));
}

void running_node::start_with(std::string_view configuration,
                              const std::vector<std::string>& arguments) {
  std::vector<std::string> words{binary, "run", "--config",
                                 configure(configuration)};
  words.insert(words.end(), arguments.begin(), arguments.end());
  node = std::make_unique<child_process>(
      words, child_process::variables{{"WEBHOOK_SECRET", std::string{secret}}});
  if (!json_lines)
    return;
  const auto ready = node->wait_for_line("\"message\":\"node ready\"");
  ASSERT_TRUE(ready) << node->output() << node->errors();
  const auto line = json::parse(*ready);
  port = port_of(line["listen"]);
  admin_port = port_of(line["admin"]);
}

answer running_node::post(std::string_view body, const field_list& more) {
  auto fields = signed_fields(body);
  fields.insert(fields.end(), more.begin(), more.end());
  return devserver::ask(port, "POST", "/webhook", body, fields);
}

answer running_node::ask_admin(std::string_view method, std::string_view target,
                               std::string_view body) {
  // As itself, which is whom it wants to be asked as without a token.
  field_list fields{{"Host", "localhost"}};
  if (!body.empty())
    fields.emplace_back("Content-Type", "application/json");
  return devserver::ask(admin_port, method, target, body, fields);
}

std::string running_node::metrics() {
  return ask_admin("GET", "/metrics").body;
}

bool running_node::comes_to_hold(double events) {
  return wait_until(
      [&] { return sum_of(metrics(), "mfo_events_in_flight") == events; });
}

void running_node::set_faults(std::string_view text) {
  const auto set = server->set_faults(text);
  ASSERT_TRUE(set) << set.error();
}

bool running_node::alive() {
  return node && !node->wait(std::chrono::milliseconds{0});
}

void running_node::TearDown() {
  if (!node)
    return;
  if (alive() && admin_port != 0)
    expect_nothing_left();
  if (alive()) {
    node->signal(SIGTERM);
    EXPECT_EQ(node->wait(), 0);
  }
  expect_good_log();
  if (HasFailure())
    std::cerr << node->output() << node->errors();
}

void running_node::expect_nothing_left() {
  std::string now;
  EXPECT_TRUE(wait_until([&] {
    now = metrics();
    expect_balance(now);
    return sum_of(now, "mfo_events_in_flight") == 0 &&
           sum_of(now, "mfo_queue_depth") == 0 &&
           sum_of(now, "mfo_bytes_in_flight") == 0;
  })) << now;
}

void running_node::expect_good_log() {
  // Sanitizers report here as well.
  EXPECT_EQ(node->errors(), "");
  if (!json_lines)
    return;
  for (const auto& text : node->lines()) {
    const auto line = json::parse(text, nullptr, false);
    ASSERT_TRUE(line.is_object()) << "no JSON object: " << text;
    if (!expected_error.empty() && text.find(expected_error) != text.npos)
      continue;
    EXPECT_NE(line.value("level", ""), "error") << text;
  }
}

} // namespace mfo::integration
