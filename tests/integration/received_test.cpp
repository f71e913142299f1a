#include "tests/integration/fixture.hpp"
#include "tests/support/http_script_server.hpp"

#include <fmt/format.h>

#include <csignal>

namespace mfo::integration {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

/// An endpoint that acknowledges what it has received.
class received : public running_node {
protected:
  /// `policy` is the retry policy.
  void start_received(const std::string& policy = "{delay: 10ms}",
                      const std::string& more = {}) {
    start_with("endpoints:\n"
               "  - id: webhook\n"
               "    path: /webhook\n"
               "    signature: {secret: \"${WEBHOOK_SECRET}\"}\n"
               "    ack: received\n"
               "dead_letters: [{name: disk, type: file, path: letters}]\n"
               "retries: {default: " +
               policy + "}\n" + more);
  }

  /// Runs a command of the program with the node's own configuration.
  struct ended {
    int status = -1;
    std::string out;
    std::string err;
  };

  ended run(std::vector<std::string> words) {
    words.insert(words.begin(), binary);
    words.insert(words.end(), {"--config", folder / "node.yaml"});
    child_process command{words, child_process::variables{
                                     {"WEBHOOK_SECRET", std::string{secret}}}};
    const auto status = command.wait();
    return {status.value_or(-1), command.output(), command.errors()};
  }

  double dead() {
    return sum_of(metrics(), "mfo_events_dead_lettered_total");
  }
};

TEST_F(received, is_told_to_the_sender_before_the_server_has_answered) {
  start_received();
  set_faults(R"({"silent":true})");
  const auto got = post("1");
  EXPECT_EQ(got.status, 202);
  EXPECT_EQ(json::parse(got.body)["status"], "received");
  EXPECT_TRUE(comes_to_hold(1));
  serve(); // another server, which answers
  ASSERT_TRUE(wait_until([&] { return server->count() == 1; }));
  EXPECT_EQ(server->ids()[0], event_id(got));
}

TEST_F(received, is_not_told_for_an_event_that_its_server_has_no_room_for) {
  server_options = "max_in_flight: 1, max_waiting: 2";
  start_received();
  set_faults(R"({"silent":true})");
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(post(std::to_string(i)).status, 202);
  expect_problem(post("3"), 503, "saturated");
  EXPECT_EQ(dead(), 0);
  serve(); // another server, which answers
  EXPECT_TRUE(wait_until([&] { return server->count() == 3; }));
}

TEST_F(received, is_not_told_for_an_event_that_is_not_genuine) {
  start_received();
  const auto forged = devserver::ask(port, "POST", "/webhook", "1",
                                     signed_fields("1", "not-the-secret"));
  expect_problem(forged, 401, "bad_signature");
  expect_problem(post("not json"), 400, "malformed_json");
  EXPECT_EQ(sum_of(metrics(), "mfo_events_refused_total"), 2);
}

TEST_F(received, events_wait_for_a_server_that_is_down) {
  server_options = "breaker: {open_for: 200ms}";
  start_received();
  server->stop();
  for (int i = 0; i < 50; ++i)
    EXPECT_EQ(post(std::to_string(i)).status, 202);
  EXPECT_TRUE(comes_to_hold(50));
  serve();
  EXPECT_TRUE(wait_until([&] { return server->count() == 50; }));
}

TEST_F(received, events_that_are_refused_end_as_dead_letters) {
  start_received();
  set_faults(R"({"statuses":[422],"repeat":true})");
  const auto got = post(R"({"a":1})");
  ASSERT_TRUE(wait_until([&] { return dead() == 1; }));
  const auto listed = run({"dead-letters", "list", "--json"});
  EXPECT_EQ(listed.status, 0) << listed.err;
  const auto letter = json::parse(listed.out);
  EXPECT_EQ(letter["event_id"], event_id(got));
  EXPECT_EQ(letter["reason"], "upstream_rejected");
  EXPECT_EQ(letter["last_status"], 422);
  EXPECT_THAT(letter["body"].get<std::string>(),
              HasSubstr(R"("payload":{"a":1})"));
}

TEST_F(received, events_that_time_runs_out_for_end_as_dead_letters) {
  server_options = "breaker: {open_for: 10s}";
  start_received("{delay: 10ms, limit: {duration: 1s}}");
  server->stop();
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(post(std::to_string(i)).status, 202);
  EXPECT_TRUE(wait_until([&] { return dead() == 10; }));
}

TEST_F(received, dead_letters_are_replayed_under_their_own_ids) {
  start_received();
  set_faults(R"({"statuses":[422],"repeat":true})");
  const auto got = post(R"({"a":1})");
  ASSERT_TRUE(wait_until([&] { return dead() == 1; }));
  server->clear_faults();
  const auto replayed = run({"dead-letters", "replay", "--yes"});
  EXPECT_EQ(replayed.status, 0) << replayed.err;
  ASSERT_EQ(server->count(), 1u);
  EXPECT_EQ(server->ids()[0], event_id(got));
  EXPECT_EQ(payload_of(server->events().front()), R"({"a":1})");
  EXPECT_EQ(run({"dead-letters", "list", "--json"}).out, "");
}

TEST_F(received, events_that_a_stopping_node_holds_end_as_dead_letters) {
  server_options = "breaker: {open_for: 1h}";
  start_received("{delay: 1s}", "drain_timeout: 100ms\n");
  server->stop();
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(post(std::to_string(i)).status, 202);
  EXPECT_TRUE(comes_to_hold(5));
  node->signal(SIGTERM);
  EXPECT_EQ(node->wait(), 0) << "nothing is lost, so nothing is amiss";
  const auto listed = run({"dead-letters", "list", "--json"});
  EXPECT_EQ(std::count(listed.out.begin(), listed.out.end(), '\n'), 5)
      << listed.out;
}

TEST_F(received, events_are_counted_where_a_second_signal_loses_them) {
  expected_error = "node ended by a second signal";
  start_received();
  set_faults(R"({"silent":true})");
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(post(std::to_string(i)).status, 202);
  EXPECT_TRUE(comes_to_hold(3));
  node->signal(SIGTERM);
  ASSERT_TRUE(wait_until(
      [this] { return ask_admin("GET", "/health/ready").status == 503; }));
  node->signal(SIGINT);
  EXPECT_EQ(node->wait(), 128 + SIGINT);
  const auto line = node->wait_for_line(expected_error);
  ASSERT_TRUE(line);
  const auto last = json::parse(*line);
  EXPECT_EQ(last["signal"], "SIGINT");
  EXPECT_EQ(last["in_flight"], 3);
  EXPECT_EQ(last["acknowledged"], 3);
}

TEST_F(received, events_that_were_tried_say_so_when_the_node_stops) {
  start_received("{delay: 1s}", "drain_timeout: 100ms\n");
  set_faults(R"({"silent":true})");
  EXPECT_EQ(post("1").status, 202);
  EXPECT_TRUE(wait_until(
      [&] { return sum_of(metrics(), "mfo_upstream_calls_in_flight") == 1; }));
  node->signal(SIGTERM);
  EXPECT_EQ(node->wait(), 0) << "nothing is lost, so nothing is amiss";
  const auto letter = json::parse(run({"dead-letters", "list", "--json"}).out);
  EXPECT_EQ(letter["attempts"], 1);
  EXPECT_EQ(letter["reason"], "draining");
}

TEST_F(received, events_go_to_the_next_sink_where_one_hangs_as_the_node_stops) {
  test::script_server silent{test::silent()};
  start_with(fmt::format(
      "endpoints:\n"
      "  - id: webhook\n"
      "    path: /webhook\n"
      "    signature: {{secret: \"${{WEBHOOK_SECRET}}\"}}\n"
      "    ack: received\n"
      "dead_letters:\n"
      "  - {{name: away, type: http, url: \"http://127.0.0.1:{}/\", timeout: "
      "3500ms}}\n"
      "  - {{name: disk, type: file, path: letters}}\n"
      "drain_timeout: 100ms\n",
      silent.port()));
  set_faults(R"({"silent":true})");
  EXPECT_EQ(post("1").status, 202);
  node->signal(SIGTERM);
  EXPECT_EQ(node->wait(), 0) << "nothing is lost, so nothing is amiss";
  EXPECT_THAT(node->output(), Not(HasSubstr("event lost")));
}

TEST_F(received, events_that_a_stopping_node_loses_are_told_by_its_status) {
  start_with("endpoints:\n"
             "  - id: webhook\n"
             "    path: /webhook\n"
             "    signature: {secret: \"${WEBHOOK_SECRET}\"}\n"
             "    ack: received\n"
             "dead_letters: [{name: away, type: http, url: "
             "\"http://127.0.0.1:1/\"}]\n"
             "drain_timeout: 100ms\n");
  set_faults(R"({"statuses":[422],"repeat":true})");
  EXPECT_EQ(post("1").status, 202);
  ASSERT_TRUE(node->wait_for_line("no sink takes a dead letter"));
  node->signal(SIGTERM);
  EXPECT_EQ(node->wait(), 70);
  EXPECT_THAT(node->output(), HasSubstr("\"message\":\"event lost\""));
  node.reset(); // its log has the errors that this is about
}

} // namespace
} // namespace mfo::integration
