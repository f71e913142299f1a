// The circuit breaker in every state that it can come to.

#include "tests/model/breaker_world.hpp"
#include "tests/model/explorer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::model {

namespace {

using namespace std::chrono_literals;
using core::circuit_breaker;
using testing::HasSubstr;

/// Opens by two failures in a row alone.
breaker_plan in_a_row(unsigned probes) {
  breaker_plan plan;
  plan.settings.consecutive_failures = 2;
  plan.settings.min_calls = 1'000'000;
  plan.settings.window = 10s;
  plan.settings.open_for = 5s;
  plan.settings.half_open_probes = probes;
  plan.settings.success_threshold = 2;
  return plan;
}

/// Opens by half of at least three calls alone.
breaker_plan by_ratio() {
  auto plan = in_a_row(1);
  plan.settings.consecutive_failures = 1'000'000;
  plan.settings.min_calls = 3;
  plan.settings.failure_ratio = 0.5;
  plan.calls = 2;
  plan.by_ratio = true;
  return plan;
}

TEST(a_breaker, keeps_its_rules_in_every_state_that_there_is) {
  for (const unsigned probes : {1u, 2u, 3u}) {
    const auto seen =
        expect_sound("a breaker with probes: " + std::to_string(probes),
                     breaker_world{in_a_row(probes)});
    EXPECT_TRUE(seen.complete);
  }
}

TEST(a_breaker, keeps_its_rules_where_it_opens_by_a_ratio) {
  expect_sound("a breaker that opens by a ratio", breaker_world{by_ratio()},
               {.depth = 11});
}

struct one_probe_more : circuit_breaker {
  one_probe_more(config::breaker_settings settings, clock::duration timeout)
    : circuit_breaker(with_one_more(settings), timeout) {}

  static config::breaker_settings
  with_one_more(config::breaker_settings settings) {
    ++settings.half_open_probes;
    return settings;
  }
};

TEST(a_breaker, that_lets_one_probe_more_through_is_found) {
  EXPECT_THAT(first_finding(breaker_world<one_probe_more>{in_a_row(2)}),
              HasSubstr("more probes are under way than may be"));
}

/// A probe whose answer never comes keeps its place.
struct patient_for_ever : circuit_breaker {
  patient_for_ever(const config::breaker_settings& settings, clock::duration)
    : circuit_breaker(settings, 1'000h) {}
};

TEST(a_breaker, that_waits_for_ever_for_a_probe_is_found) {
  EXPECT_THAT(first_finding(breaker_world<patient_for_ever>{in_a_row(1)}),
              HasSubstr("a probe is refused, and there is a place for it"));
}

/// What says nothing of the server frees no place.
struct deaf_to_nothing : circuit_breaker {
  using circuit_breaker::circuit_breaker;
  void ignored(const ticket&) {}
};

TEST(a_breaker, that_loses_the_place_of_a_probe_is_found) {
  EXPECT_THAT(first_finding(breaker_world<deaf_to_nothing>{in_a_row(1)}),
              HasSubstr("a probe is refused, and there is a place for it"));
}

struct counts_from_two : circuit_breaker {
  using circuit_breaker::circuit_breaker;

  /// As if `consecutive_failures` were one more.
  std::optional<change> failed(clock::time_point now, ticket call,
                               double uniform) {
    if (state() == core::breaker_state::closed && !std::exchange(seen_, true))
      return std::nullopt;
    return circuit_breaker::failed(now, call, uniform);
  }

private:
  bool seen_ = false;
};

TEST(a_breaker, that_overlooks_a_failure_is_found) {
  EXPECT_THAT(first_finding(breaker_world<counts_from_two>{in_a_row(1)}),
              HasSubstr("the circuit is closed, and was to be open"));
}

} // namespace

} // namespace mfo::model
