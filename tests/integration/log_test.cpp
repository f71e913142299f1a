#include "tests/integration/fixture.hpp"

#include <algorithm>

namespace mfo::integration {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

/// What an operator reads, and what must not be there.
class logs : public running_node {
protected:
  /// The first line with this message, waiting for it; null without one.
  json line_with(std::string_view message) {
    const auto mark = "\"message\":\"" + std::string{message} + "\"";
    const auto line = node->wait_for_line(mark);
    return line ? json::parse(*line) : json{};
  }

  void set_level(std::string_view level) {
    const auto body = R"({"level":")" + std::string{level} + "\"}";
    EXPECT_EQ(ask_admin("PUT", "/api/v1/log-level", body).status, 200);
  }

  /// All that the node has to say until it ends.
  std::string everything() {
    node->signal(SIGTERM);
    EXPECT_EQ(node->wait(), 0);
    return node->output() + node->errors();
  }
};

TEST_F(logs, tell_the_way_of_a_delivered_event) {
  start();
  const auto id = event_id(post("1"));
  const auto line = line_with("event delivered");
  EXPECT_EQ(line["event_id"], id);
  EXPECT_EQ(line["level"], "info");
  EXPECT_EQ(line["endpoint"], "webhook");
  EXPECT_EQ(line["stage"], "mfo_connector");
  EXPECT_EQ(line["attempts"], 1);
  EXPECT_GT(line["duration_ms"].get<double>(), 0);
  EXPECT_THAT(line["time"].get<std::string>(),
              testing::MatchesRegex("20..-..-..T..:..:...*Z"));
}

TEST_F(logs, tell_why_an_event_was_refused_and_where) {
  start();
  const auto id = event_id(post("{"));
  const auto line = line_with("event refused");
  EXPECT_EQ(line["event_id"], id);
  EXPECT_EQ(line["level"], "warn");
  EXPECT_EQ(line["endpoint"], "webhook");
  EXPECT_EQ(line["stage"], "validator");
  EXPECT_EQ(line["reason"], "malformed_json");
  EXPECT_EQ(line["status"], 400);
}

TEST_F(logs, hold_no_payload_and_no_secret) {
  serve({.token = "marker-of-the-token"});
  start("server_token: marker-of-the-token\n");
  const std::string body{R"({"x":"marker-of-the-payload"})"};
  EXPECT_EQ(post(body).status, 202);
  EXPECT_EQ(post("marker-of-the-payload").status, 400);
  const field_list forged{{"Content-Type", "application/json"},
                          {"X-Signature", "marker-of-the-signature"}};
  EXPECT_EQ(devserver::ask(port, "POST", "/webhook", body, forged).status, 401);
  set_faults(R"({"statuses":[400]})");
  EXPECT_EQ(post(body).status, 502);
  // The marker of the secret holds "marker-of" as well.
  EXPECT_THAT(everything(), Not(HasSubstr("marker-of")));
}

TEST_F(logs, stay_lines_whatever_a_sender_asks_for) {
  start();
  raw_client sender{port};
  sender.write("GET /\"\\%0a{}\x1b[31m HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_GE(sender.read().status, 400);
  const auto line = line_with("event refused");
  EXPECT_TRUE(line.is_object());
}

TEST_F(logs, change_their_level_while_the_node_runs) {
  start();
  EXPECT_EQ(post("1").status, 202);
  set_level("debug");
  EXPECT_EQ(json::parse(ask_admin("GET", "/api/v1/log-level").body)["level"],
            "debug");
  const auto loud = event_id(post("2"));
  set_level("warn");
  const auto quiet = event_id(post("3"));
  const auto all = everything();
  const auto lines_about = [&](const std::string& id) {
    const auto lines = node->lines();
    return std::ranges::count_if(
        lines, [&](const auto& line) { return line.find(id) != line.npos; });
  };
  EXPECT_GE(lines_about(loud), 2) << "a try and a delivery";
  EXPECT_EQ(lines_about(quiet), 0);
}

TEST_F(logs, keep_their_level_when_asked_for_nonsense) {
  start();
  for (const auto* body : {"", "{}", R"({"level":"loud"})", R"({"level":1})"})
    EXPECT_EQ(ask_admin("PUT", "/api/v1/log-level", body).status, 400) << body;
  EXPECT_EQ(json::parse(ask_admin("GET", "/api/v1/log-level").body)["level"],
            "info");
}

TEST_F(logs, begin_at_the_level_of_the_command_line) {
  start("log: {level: error}\n", {"--log-level", "debug"});
  EXPECT_EQ(post("1").status, 202);
  EXPECT_EQ(line_with("try ended")["level"], "debug");
}

TEST_F(logs, write_an_ipv6_address_in_brackets) {
  const auto path = folder.write("ipv6.yaml", "server_url: http://127.0.0.1:1\n"
                                              "webhook_path: /webhook\n"
                                              "webhook_secret: x\n"
                                              "listen: \"[::1]:0\"\n"
                                              "admin_listen: \"[::1]:0\"\n");
  child_process other{{binary, "run", "--config", path}};
  EXPECT_TRUE(other.wait_for_line("\"listen\":\"[::1]:"))
      << other.output() << other.errors();
}

TEST_F(logs, are_text_for_people_when_asked_for) {
  json_lines = false;
  start("", {"--log-format", "text"});
  const auto ready = node->wait_for_line("node ready");
  ASSERT_TRUE(ready);
  EXPECT_THAT(*ready, testing::MatchesRegex("20.* info  *node ready .*"
                                            "listen=127.0.0.1:[0-9]+ .*"));
  EXPECT_THAT(*ready, Not(HasSubstr("\x1b"))) << "no terminal, no colours";
}

} // namespace
} // namespace mfo::integration
