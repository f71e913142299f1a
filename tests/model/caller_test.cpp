// Calls to a server by the real caller: retry policy, budget, breaker and
// deadlines together.

#include "tests/model/caller_world.hpp"
#include "tests/model/explorer.hpp"
#include "tests/model/replayed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace mfo::model {

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

caller_plan busy_server(std::size_t in_flight) {
  caller_plan plan;
  auto& server = plan.server;
  server.url = "http://mfo.example.com";
  server.max_in_flight = in_flight;
  server.max_waiting = 2;
  server.request_timeout = 1s;
  server.retry.backoff = config::backoff_shape::constant;
  server.retry.delay = 100ms;
  server.retry.jitter = config::jitter_mode::none;
  server.retry.max_count = 3;
  server.retry.max_duration = 10s;
  server.retry_budget = {.ratio = 0.5, .min_per_second = 0.05};
  server.breaker.consecutive_failures = 2;
  server.breaker.open_for = 1s;
  server.breaker.success_threshold = 1;
  return plan;
}

replayed<caller_world> calls_to(const caller_plan& plan) {
  return replayed<caller_world>{[plan] {
    return std::make_unique<caller_world>(plan);
  }};
}

TEST(a_caller, keeps_every_bound_and_leaves_no_call_behind) {
  expect_sound("calls to a server, one at a time", calls_to(busy_server(1)),
               {.depth = 7});
}

TEST(a_caller, keeps_every_bound_with_two_calls_at_a_time) {
  expect_sound("calls to a server, two at a time", calls_to(busy_server(2)),
               {.depth = 6});
}

TEST(a_caller, that_is_not_told_to_wait_is_found) {
  auto plan = busy_server(1);
  plan.loses_retry_after = true;
  EXPECT_THAT(first_finding(calls_to(plan), {.depth = 5}),
              HasSubstr("in the time that the server asked for"));
}

TEST(a_caller, that_leaves_a_call_behind_is_found) {
  auto plan = busy_server(1);
  plan.loses_retries = true;
  EXPECT_THAT(first_finding(calls_to(plan), {.depth = 5}),
              HasSubstr("a call that has time is not delivered"));
}

} // namespace

} // namespace mfo::model
