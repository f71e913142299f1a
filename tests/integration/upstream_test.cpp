#include "tests/integration/fixture.hpp"

#include <chrono>

namespace mfo::integration {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// A server that fails: what is tried again, and what the sender is told.
class upstream : public running_node {
protected:
  /// Waits that a test can afford. `timeout` is the endpoint's.
  void start_impatient(std::string_view timeout,
                       std::string_view policy = "{delay: 10ms}") {
    start_with(std::string{"endpoints:\n"
                           "  - id: webhook\n"
                           "    path: /webhook\n"
                           "    signature: {scheme: hmac, secret: "
                           "\"${WEBHOOK_SECRET}\"}\n"
                           "    timeout: "}
                   .append(timeout)
                   .append("\nretries: {default: ")
                   .append(policy)
                   .append("}\n"));
  }

  /// How long a post takes; the answer is in `got`.
  milliseconds time_post() {
    const auto begun = steady_clock::now();
    got = post("1");
    return std::chrono::duration_cast<milliseconds>(steady_clock::now() -
                                                    begun);
  }

  answer got;
};

TEST_F(upstream, is_tried_once_when_it_refuses_for_good) {
  start();
  for (const auto status : {400, 403, 404, 409, 422, 501}) {
    server->clear();
    set_faults(R"({"statuses":[)" + std::to_string(status) + "]}");
    expect_problem(post("1"), 502, "upstream_rejected");
    EXPECT_EQ(server->rejected().size(), 1u) << status;
    EXPECT_EQ(server->count(), 0u) << status;
  }
}

TEST_F(upstream, is_not_followed_where_it_redirects) {
  start();
  set_faults(R"({"statuses":[302]})");
  expect_problem(post("1"), 502, "upstream_rejected");
}

TEST_F(upstream, that_does_not_know_the_token_is_no_success) {
  serve({.token = "another-token"});
  start("server_token: wrong-token\n");
  expect_problem(post("1"), 502, "upstream_rejected");
  EXPECT_EQ(server->count(), 0u);
}

TEST_F(upstream, is_tried_again_until_it_takes_the_event) {
  start_impatient("10s");
  set_faults(R"({"statuses":[503,503,200]})");
  got = post(R"({"third":"time"})");
  EXPECT_EQ(got.status, 202);
  EXPECT_EQ(server->rejected().size(), 2u);
  ASSERT_EQ(server->count(), 1u);
  EXPECT_EQ(payload_of(server->events().front()), R"({"third":"time"})");
  for (const auto& each : server->rejected())
    EXPECT_EQ(each->id, event_id(got));
  EXPECT_EQ(sum_of(metrics(), "mfo_upstream_retries_total"), 2);
}

TEST_F(upstream, says_when_to_come_back_and_is_obeyed) {
  start_impatient("10s");
  set_faults(R"({"statuses":[503],"retry_after":1})");
  EXPECT_GE(time_post(), milliseconds{1000});
  EXPECT_EQ(got.status, 202);
}

TEST_F(upstream, that_is_busy_beyond_the_deadline_is_told_to_the_sender) {
  start_impatient("1s");
  set_faults(R"({"statuses":[503],"repeat":true,"retry_after":7})");
  got = post("1");
  expect_problem(got, 503, "upstream_busy");
  EXPECT_EQ(server->rejected().size(), 1u);
  EXPECT_EQ(got.header("retry-after"), "7");
}

TEST_F(upstream, that_fails_every_time_is_left_alone) {
  start_impatient("10s");
  set_faults(R"({"statuses":[500],"repeat":true})");
  got = post("1");
  expect_problem(got, 503, "circuit_open");
  EXPECT_GE(std::stoi(std::string{got.header("retry-after")}), 10);
  EXPECT_EQ(server->rejected().size(), 5u);
}

TEST_F(upstream, that_is_silent_costs_the_endpoints_time_out) {
  start_impatient("400ms");
  set_faults(R"({"silent":true})");
  EXPECT_GE(time_post(), milliseconds{400});
  expect_problem(got, 504, "upstream_timeout");
}

TEST_F(upstream, that_is_down_is_told_to_the_sender) {
  start_impatient("1s", "{delay: 10ms, limit: {count: 3}}");
  server->stop();
  expect_problem(post("1"), 502, "upstream_unreachable");
}

TEST_F(upstream, that_comes_back_gets_the_event_that_waits) {
  start_impatient("20s", "{delay: 500ms, jitter: none}");
  set_faults(R"({"drop":"on_accept"})");
  raw_client sender{port};
  sender.write(signed_request("1"));
  EXPECT_TRUE(wait_until(
      [&] { return sum_of(metrics(), "mfo_upstream_retries_total") > 0; }));
  server->clear_faults();
  EXPECT_EQ(sender.read().status, 202);
  EXPECT_EQ(server->count(), 1u);
}

TEST_F(upstream, that_writes_half_an_answer_is_asked_again) {
  start_impatient("10s");
  for (const auto* part : {"before_reply", "after_headers", "mid_body"}) {
    server->clear();
    set_faults(std::string{R"({"count":1,"drop":")"} + part + "\"}");
    got = post("1");
    EXPECT_EQ(got.status, 202) << part;
    // The server may have taken it the first time: the same id lets it tell.
    ASSERT_EQ(server->count(), 2u) << part;
    EXPECT_EQ(server->ids()[0], event_id(got));
    EXPECT_EQ(server->ids()[1], event_id(got));
  }
}

TEST_F(upstream, may_write_its_answer_byte_by_byte) {
  start();
  set_faults(R"({"reply_bytes_per_write":1})");
  EXPECT_EQ(post("1").status, 202);
}

TEST_F(upstream, may_have_closed_the_connection_that_was_kept) {
  start_impatient("10s");
  EXPECT_EQ(post("1").status, 202);
  serve();
  EXPECT_EQ(post("2").status, 202);
  EXPECT_EQ(server->count(), 1u);
}

TEST_F(upstream, that_answers_too_much_is_no_success) {
  server_options = "max_response: 1KiB";
  start_impatient("2s");
  set_faults(R"({"body_bytes":100000,"repeat":true})");
  got = post("1");
  EXPECT_GE(got.status, 500);
  EXPECT_EQ(event_id(got).size(), 36u);
}

TEST_F(upstream, that_fails_is_told_to_the_operator) {
  server_options = "breaker: {open_for: 100ms, success_threshold: 1}";
  start_impatient("10s");
  set_faults(R"({"statuses":[500],"repeat":true})");
  post("1");
  auto health = nlohmann::json::parse(ask_admin("GET", "/health").body);
  EXPECT_EQ(health["status"], "degraded");
  EXPECT_EQ(health["checks"]["server default"]["status"], "failing");
  EXPECT_EQ(ask_admin("GET", "/health/ready").status, 200);
  server->clear_faults();
  EXPECT_TRUE(wait_until([&] { return post("1").status == 202; }));
  health = nlohmann::json::parse(ask_admin("GET", "/health").body);
  EXPECT_EQ(health["status"], "ok");
}

} // namespace
} // namespace mfo::integration
