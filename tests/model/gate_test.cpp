// The gate of a server, with its breaker and its pace: a call begins when it
// may, and nothing keeps the calls from a server that is well again.

#include "tests/model/explorer.hpp"
#include "tests/model/gate_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::model {

namespace {

using namespace std::chrono_literals;
using core::call_gate;
using testing::HasSubstr;

config::server_settings small_server() {
  config::server_settings server;
  server.max_in_flight = 2;
  server.request_timeout = 1s;
  server.breaker.consecutive_failures = 2;
  server.breaker.open_for = 2s;
  server.breaker.half_open_probes = 1;
  server.breaker.success_threshold = 2;
  return server;
}

TEST(a_gate, lets_calls_begin_when_they_may_and_is_never_wedged) {
  expect_sound("a gate", gate_world{small_server()}, {.depth = 9});
}

TEST(a_gate, lets_two_probes_go_side_by_side) {
  auto server = small_server();
  server.breaker.half_open_probes = 2;
  server.breaker.consecutive_failures = 1;
  expect_sound("a gate with two probes", gate_world{server}, {.depth = 9});
}

struct deaf_to_retry_after : call_gate {
  using call_gate::call_gate;

  auto ended(clock::time_point now, const core::circuit_breaker::ticket& ticket,
             clock::time_point began, core::call_result result, clock::duration,
             double uniform) {
    return call_gate::ended(now, ticket, began, result, 0s, uniform);
  }
};

TEST(a_gate, that_does_not_wait_as_it_was_asked_to_is_found) {
  EXPECT_THAT(first_finding(gate_world<deaf_to_retry_after>{small_server()}),
              HasSubstr("in the time that the server asked for"));
}

/// A call that was ended on our side is never told: its place is lost.
struct loses_calls : call_gate {
  using call_gate::call_gate;

  std::optional<core::circuit_breaker::change>
  ended(clock::time_point now, const core::circuit_breaker::ticket& ticket,
        clock::time_point began, core::call_result result,
        clock::duration retry_after, double uniform) {
    if (result == core::call_result::ignored)
      return std::nullopt;
    return call_gate::ended(now, ticket, began, result, retry_after, uniform);
  }
};

TEST(a_gate, that_loses_the_place_of_a_call_is_found) {
  EXPECT_THAT(first_finding(gate_world<loses_calls>{small_server()}),
              HasSubstr("other calls in flight than there are"));
}

/// A probe that was answered well counts as one that says nothing.
struct forgets_to_close : call_gate {
  using call_gate::call_gate;

  auto ended(clock::time_point now, const core::circuit_breaker::ticket& ticket,
             clock::time_point began, core::call_result result,
             clock::duration retry_after, double uniform) {
    if (circuit() == core::breaker_state::half_open &&
        result == core::call_result::succeeded)
      result = core::call_result::ignored;
    return call_gate::ended(now, ticket, began, result, retry_after, uniform);
  }
};

TEST(a_gate, that_does_not_learn_that_the_server_is_well_is_found) {
  EXPECT_THAT(first_finding(gate_world<forgets_to_close>{small_server()}),
              HasSubstr("the circuit is not closed"));
}

} // namespace

} // namespace mfo::model
