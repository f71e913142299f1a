#include "tests/actors/caller_fixture.hpp"

#include <gmock/gmock.h>

namespace mfo::actors::tests {
namespace {

using core::errc;
using ::testing::Contains;
using ::testing::HasSubstr;

std::string field(const http::client_request& request, std::string_view name) {
  return std::string{request.headers.first(name)};
}

class server_caller_test : public caller_fixture {};

// --- one call ---------------------------------------------------------------

TEST_F(server_caller_test, sends_id_trace_and_credentials_with_every_try) {
  start();
  call();
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(wire_.size(), 1U);
    EXPECT_EQ(field(wire_[0].second, "Idempotency-Key"), "call-1");
    EXPECT_EQ(field(wire_[0].second, "traceparent"), "trace");
    EXPECT_EQ(field(wire_[0].second, "Authorization"), "token 0");
    reply(503);
    pass(100ms);
  }
}

TEST_F(server_caller_test, gives_the_servers_last_reply_with_the_outcome) {
  start();
  const auto refused = call();
  reply(404);
  EXPECT_EQ(refused->outcome->error, errc::upstream_rejected);
  EXPECT_EQ(refused->reply_status, 404);
}

TEST_F(server_caller_test, repeats_what_is_repeatable_after_any_failure) {
  start();
  call();
  fail(http::client_errc::reply_broken);
  pass(100ms);
  EXPECT_EQ(wire_.size(), 1U);
}

TEST_F(server_caller_test,
       repeats_nothing_else_where_the_server_may_have_acted) {
  start();
  for (const auto status : {500, 502, 504}) {
    const auto result = call({.repeatable = false});
    reply(status);
    EXPECT_TRUE(result->outcome) << status;
  }
  const auto broken = call({.repeatable = false});
  fail(http::client_errc::reply_broken, true);
  EXPECT_TRUE(broken->outcome);
}

TEST_F(server_caller_test, repeats_the_rest_where_the_server_did_nothing) {
  server_.breaker.enabled = false;
  start();
  for (const auto status : {408, 425, 429, 503}) {
    const auto result = call({.repeatable = false});
    reply(status);
    EXPECT_FALSE(result->outcome) << status;
    pass(100ms);
    reply(200);
    EXPECT_TRUE(result->outcome->delivered()) << status;
  }
  const auto unsent = call({.repeatable = false});
  fail(http::client_errc::connect_failed, false);
  EXPECT_FALSE(unsent->outcome);
}

TEST_F(server_caller_test, does_not_repeat_what_was_answered_in_part) {
  start();
  const auto result = call({.answered_in_part = true});
  fail(http::client_errc::reply_broken);
  EXPECT_EQ(result->outcome->error, errc::upstream_failed);
}

TEST_F(server_caller_test, tells_of_a_try_without_its_query) {
  start();
  call();
  reply(200);
  EXPECT_THAT(lines_, Contains(HasSubstr("mfo.example.com/api/events\"")));
  EXPECT_THAT(lines_, Not(Contains(HasSubstr("secret"))));
}

// --- bounds -----------------------------------------------------------------

TEST_F(server_caller_test, has_no_more_on_the_wire_than_it_may) {
  start();
  for (int i = 0; i < 5; ++i)
    call();
  EXPECT_EQ(wire_.size(), 2U);
  reply(200);
  EXPECT_EQ(wire_.size(), 2U) << "the next one took the place";
}

TEST_F(server_caller_test, refuses_at_once_what_is_too_much) {
  start();
  for (int i = 0; i < 5; ++i)
    EXPECT_FALSE(call()->outcome);
  EXPECT_EQ(call()->outcome->error, errc::saturated);
  reply(200);
  EXPECT_FALSE(call()->outcome) << "there is room again";
}

TEST_F(server_caller_test, counts_what_backs_off_as_waiting) {
  server_.breaker.enabled = false;
  start();
  for (int i = 0; i < 5; ++i) {
    call();
    reply(500);
  }
  EXPECT_EQ(wire_.size(), 0U);
  EXPECT_EQ(call()->outcome->error, errc::saturated);
}

TEST_F(server_caller_test, answers_what_gets_no_turn_before_its_deadline) {
  start();
  call();
  call();
  const auto third = call({.lifetime = 1s});
  pass(1100ms);
  EXPECT_EQ(third->outcome->error, errc::saturated);
  EXPECT_EQ(third->outcome->attempts, 0U);
}

// --- Retry-After ------------------------------------------------------------

TEST_F(server_caller_test, lets_nothing_through_before_the_time_it_was_told) {
  start();
  call();
  reply(429, {{"Retry-After", "2"}});
  call();
  pass(1999ms);
  EXPECT_TRUE(wire_.empty());
  pass(1ms);
  EXPECT_EQ(wire_.size(), 1U) << "one goes first";
  reply(200);
  EXPECT_EQ(wire_.size(), 1U) << "then the other";
}

TEST_F(server_caller_test, tells_who_has_no_time_for_it_when_to_come_back) {
  start();
  call();
  reply(503, {{"Retry-After", "7"}});
  const auto result = call({.lifetime = 5s});
  ASSERT_TRUE(result->outcome);
  EXPECT_EQ(result->outcome->error, errc::upstream_busy);
  EXPECT_EQ(result->outcome->retry_after, 7s);
}

TEST_F(server_caller_test, bounds_what_a_server_may_ask_for) {
  server_.retry.retry_after_max = 3s;
  start();
  call();
  reply(503, {{"Retry-After", "86400"}});
  pass(3s);
  EXPECT_EQ(wire_.size(), 1U);
}

// --- circuit breaker --------------------------------------------------------

TEST_F(server_caller_test, ends_the_tries_when_the_circuit_opens) {
  server_.max_waiting = 10;
  start();
  std::vector<probe_ptr> results;
  for (int i = 0; i < 5; ++i) {
    results.push_back(call());
    reply(500);
  }
  for (const auto& each : results) {
    ASSERT_TRUE(each->outcome);
    EXPECT_EQ(each->outcome->error, errc::circuit_open);
    EXPECT_EQ(each->outcome->retry_after, 10s);
  }
}

TEST_F(server_caller_test, refuses_while_the_circuit_is_open_without_a_try) {
  start();
  open_circuit();
  pass(4s);
  const auto result = call();
  ASSERT_TRUE(result->outcome);
  EXPECT_EQ(result->outcome->error, errc::circuit_open);
  EXPECT_EQ(result->outcome->retry_after, 6s);
  EXPECT_EQ(result->outcome->attempts, 0U);
  EXPECT_THAT(result->outcome->detail, HasSubstr("answered 500"));
  EXPECT_TRUE(wire_.empty());
}

TEST_F(server_caller_test, lets_a_patient_call_wait_for_the_circuit_to_close) {
  start();
  open_circuit();
  const auto result = call({.lifetime = 5min, .patient = true});
  EXPECT_FALSE(result->outcome);
  pass(9999ms);
  EXPECT_TRUE(wire_.empty());
  pass(1ms);
  ASSERT_EQ(wire_.size(), 1U) << "it is the probe";
  reply(200);
  EXPECT_TRUE(result->outcome->delivered());
}

TEST_F(server_caller_test, tells_of_every_change_of_the_circuit) {
  start();
  open_circuit();
  EXPECT_THAT(lines_.back(), HasSubstr("circuit open"));
  pass(10s);
  call();
  reply(200);
  call();
  reply(200);
  EXPECT_THAT(lines_, Contains(HasSubstr("circuit half-open")));
  EXPECT_THAT(lines_, Contains(HasSubstr("circuit closed")));
  EXPECT_EQ(status_->circuit.load(), core::breaker_state::closed);
}

TEST_F(server_caller_test, does_not_blame_the_server_for_what_it_refuses) {
  start();
  for (int i = 0; i < 50; ++i) {
    call();
    reply(400);
  }
  EXPECT_EQ(status_->circuit.load(), core::breaker_state::closed);
  EXPECT_EQ(health_->look().consecutive_failures, 0U);
}

TEST_F(server_caller_test, paces_what_has_piled_up_during_an_outage) {
  server_.max_in_flight = 64;
  server_.max_waiting = 1000;
  start();
  // Steady: 100 calls a second.
  for (int i = 0; i < 2000; ++i) {
    call({.lifetime = 5min, .patient = true});
    reply(200);
    pass(10ms);
  }
  open_circuit({.lifetime = 5min, .patient = true});
  for (int i = 0; i < 900; ++i)
    call({.lifetime = 5min, .patient = true});
  started_.clear();
  const auto answer_all = [&] {
    while (!wire_.empty())
      reply(200);
  };
  for (int i = 0; i < 20'000; ++i) {
    pass(1ms);
    answer_all();
  }
  EXPECT_GT(started_.size(), 500U);
  // No second sees more than 1.5 times the steady rate.
  for (std::size_t i = 0; i + 150 < started_.size(); ++i)
    EXPECT_GE(started_[i + 150] - started_[i], 1s) << i;
}

// --- retry budget -----------------------------------------------------------

TEST_F(server_caller_test, stops_retrying_when_the_budget_is_spent) {
  server_.breaker.enabled = false;
  server_.retry_budget = {.ratio = 0, .min_per_second = 0.1};
  start();
  const auto first = call();
  reply(500); // pays with the reserve
  EXPECT_FALSE(first->outcome);
  const auto second = call();
  reply(500);
  ASSERT_TRUE(second->outcome);
  EXPECT_EQ(second->outcome->error, errc::upstream_failed);
  EXPECT_EQ(second->outcome->attempts, 1U);
}

TEST_F(server_caller_test, lets_a_patient_call_wait_for_the_budget) {
  server_.breaker.enabled = false;
  server_.retry_budget = {.ratio = 0, .min_per_second = 0.1};
  start();
  call();
  reply(500);
  pass(100ms);
  reply(200); // spent
  const auto result = call({.lifetime = 5min, .patient = true});
  reply(500);
  EXPECT_FALSE(result->outcome);
  pass(30s);
  ASSERT_EQ(wire_.size(), 1U);
  reply(200);
  EXPECT_TRUE(result->outcome->delivered());
}

TEST_F(server_caller_test, ends_what_waits_for_the_budget_by_its_deadline) {
  server_.breaker.enabled = false;
  server_.retry_budget = {.ratio = 0, .min_per_second = 0.1};
  start();
  call();
  reply(500);
  pass(100ms);
  reply(200); // spent
  const auto result = call({.lifetime = 3s, .patient = true});
  reply(500);
  pass(2999ms);
  EXPECT_FALSE(result->outcome);
  pass(1ms);
  ASSERT_TRUE(result->outcome) << "although nothing else is there";
  EXPECT_EQ(result->outcome->error, errc::upstream_failed) << "as it was last";
  EXPECT_EQ(result->outcome->attempts, 1U);
  pass(1min);
  EXPECT_TRUE(wire_.empty());
}

// --- the end ---------------------------------------------------------------

TEST_F(server_caller_test, answers_all_that_it_holds_when_the_node_stops) {
  start();
  const auto failed_before = call();
  reply(503);
  const auto on_the_wire = call();
  call();
  const auto waiting = call();
  caller_->abandon();
  for (const auto& [result, attempts] :
       {std::pair{failed_before, 1U}, {on_the_wire, 1U}, {waiting, 0U}}) {
    ASSERT_TRUE(result->outcome);
    EXPECT_EQ(result->outcome->error, errc::draining);
    EXPECT_EQ(result->outcome->attempts, attempts);
  }
  EXPECT_EQ(failed_before->outcome->upstream_status, 503);
  EXPECT_THAT(on_the_wire->outcome->detail, HasSubstr("has not answered"));
  reply(202); // too late, and harmless
  pass(1s);
}

// --- login ------------------------------------------------------------------

TEST_F(server_caller_test, logs_in_once_however_many_calls_wait) {
  auth_->good = false;
  server_.max_in_flight = 10;
  start();
  for (int i = 0; i < 5; ++i)
    call();
  EXPECT_EQ(logins_under_way_, 1);
  EXPECT_TRUE(wire_.empty());
  answer_login(200);
  EXPECT_EQ(wire_.size(), 5U);
  EXPECT_EQ(auth_->logins, 1);
}

TEST_F(server_caller_test, logs_in_and_tries_once_more_after_a_401) {
  start();
  const auto result = call();
  reply(401);
  EXPECT_EQ(logins_under_way_, 1);
  answer_login(200);
  ASSERT_EQ(wire_.size(), 1U);
  EXPECT_EQ(field(wire_[0].second, "Authorization"), "token 1");
  reply(401);
  ASSERT_TRUE(result->outcome);
  EXPECT_EQ(result->outcome->error, errc::upstream_rejected);
  EXPECT_EQ(auth_->logins, 1);
}

TEST_F(server_caller_test, is_not_well_where_the_server_will_not_have_it) {
  start();
  auth_->good = false;
  call();
  answer_login(401);
  EXPECT_EQ(health_->look().consecutive_failures, 1U);
  EXPECT_EQ(health_->look().last_error, "no login: wrong password");
  auth_->good = true;
  call();
  reply(403);
  EXPECT_EQ(health_->look().consecutive_failures, 2U);
  call();
  reply(404);
  EXPECT_EQ(health_->look().consecutive_failures, 0U)
      << "a refusal of the call says nothing of the node";
}

TEST_F(server_caller_test, fails_what_waits_when_the_login_fails) {
  auth_->good = false;
  start();
  const auto impatient = call();
  const auto patient = call({.patient = true});
  answer_login(403);
  ASSERT_TRUE(impatient->outcome);
  EXPECT_THAT(impatient->outcome->detail, HasSubstr("wrong password"));
  EXPECT_FALSE(patient->outcome);
  pass(5s);
  EXPECT_EQ(logins_under_way_, 1) << "tried again when it was allowed";
  answer_login(200);
  EXPECT_EQ(wire_.size(), 1U);
}

} // namespace
} // namespace mfo::actors::tests
