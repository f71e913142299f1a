#include "core/circuit_breaker.hpp"

#include <gtest/gtest.h>

#include <array>

namespace mfo::core {

namespace {

using namespace std::chrono_literals;
using state = breaker_state;
using change = circuit_breaker::change;
using clock = circuit_breaker::clock;

constexpr auto probe_timeout = 12s;

config::breaker_settings plain_settings() {
  config::breaker_settings settings;
  settings.consecutive_failures = 3;
  settings.failure_ratio = 0.5;
  settings.min_calls = 10;
  settings.window = 30s;
  settings.open_for = 10s;
  settings.half_open_probes = 1;
  settings.success_threshold = 2;
  return settings;
}

/// A breaker, and the time.
struct circuit_breaker_test : testing::Test {
  circuit_breaker_test() {
    use(plain_settings());
  }

  void use(const config::breaker_settings& settings) {
    breaker.emplace(settings, probe_timeout);
  }

  circuit_breaker::ticket admitted() {
    auto answer = breaker->admit(now);
    EXPECT_TRUE(answer.permit);
    return answer.permit.value_or(circuit_breaker::ticket{});
  }

  auto succeed() {
    return breaker->succeeded(now, admitted());
  }

  auto fail() {
    return breaker->failed(now, admitted(), 0);
  }

  /// Three failures.
  void open() {
    fail();
    fail();
    ASSERT_EQ(fail(), (change{state::closed, state::open}));
  }

  std::optional<circuit_breaker> breaker;
  clock::time_point now{1h};
};

TEST_F(circuit_breaker_test, starts_closed) {
  EXPECT_EQ(breaker->state(), state::closed);
  const auto answer = breaker->admit(now);
  EXPECT_TRUE(answer.permit);
  EXPECT_FALSE(answer.changed);
}

TEST_F(circuit_breaker_test, opens_after_failures_in_a_row) {
  EXPECT_FALSE(fail());
  EXPECT_FALSE(fail());
  EXPECT_EQ(fail(), (change{state::closed, state::open}));
  EXPECT_EQ(breaker->state(), state::open);
}

TEST_F(circuit_breaker_test, starts_the_row_again_after_a_success) {
  fail();
  fail();
  EXPECT_FALSE(succeed());
  fail();
  fail();
  EXPECT_EQ(breaker->state(), state::closed);
}

TEST_F(circuit_breaker_test, does_not_count_what_says_nothing_of_the_server) {
  fail();
  fail();
  for (int i = 0; i < 100; ++i)
    breaker->ignored(admitted());
  EXPECT_EQ(breaker->state(), state::closed);
  EXPECT_TRUE(fail()) << "nor does it end the row";
}

TEST_F(circuit_breaker_test, opens_when_half_of_enough_calls_failed) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(succeed());
    if (i < 4) {
      EXPECT_FALSE(fail()) << i;
    }
  }
  EXPECT_EQ(fail(), (change{state::closed, state::open})) << "the tenth call";
}

TEST_F(circuit_breaker_test, takes_the_ratio_as_it_is_written) {
  auto settings = plain_settings();
  settings.failure_ratio = 0.3;
  use(settings);
  for (int i = 0; i < 6; ++i)
    succeed();
  EXPECT_FALSE(fail());
  EXPECT_FALSE(fail());
  succeed();
  EXPECT_EQ(fail(), (change{state::closed, state::open})) << "3 of 10";
}

TEST_F(circuit_breaker_test, forgets_calls_that_left_the_window) {
  for (int i = 0; i < 4; ++i) {
    fail();
    succeed();
  }
  now += 30s;
  succeed();
  EXPECT_FALSE(fail()) << "5 of 10, but 4 long ago";
  EXPECT_EQ(breaker->state(), state::closed);
}

TEST_F(circuit_breaker_test, refuses_while_it_is_open_and_says_for_how_long) {
  open();
  const auto answer = breaker->admit(now);
  EXPECT_FALSE(answer.permit);
  EXPECT_EQ(answer.retry_after, 10s);
  now += 9'999ms;
  EXPECT_EQ(breaker->admit(now).retry_after, 1ms);
  EXPECT_EQ(breaker->state(), state::open);
}

TEST_F(circuit_breaker_test, stays_open_up_to_a_fifth_longer_by_chance) {
  for (const auto& [chance, wait] :
       {std::pair{0.0, 10'000ms}, {0.5, 11'000ms}, {0.75, 11'500ms}}) {
    use(plain_settings());
    fail();
    fail();
    ASSERT_TRUE(breaker->failed(now, admitted(), chance));
    EXPECT_EQ(breaker->admit(now).retry_after, wait);
  }
}

TEST_F(circuit_breaker_test, is_half_open_with_the_first_call_after_that) {
  open();
  now += 10s;
  EXPECT_EQ(breaker->state(), state::open);
  const auto answer = breaker->admit(now);
  EXPECT_TRUE(answer.permit);
  EXPECT_EQ(answer.changed, (change{state::open, state::half_open}));
}

TEST_F(circuit_breaker_test, half_open_lets_so_many_calls_through_at_a_time) {
  auto settings = plain_settings();
  settings.half_open_probes = 3;
  use(settings);
  open();
  now += 10s;
  const std::array probes{admitted(), admitted(), admitted()};
  EXPECT_FALSE(breaker->admit(now).permit);
  EXPECT_FALSE(breaker->succeeded(now, probes[1]));
  EXPECT_TRUE(breaker->admit(now).permit);
  EXPECT_FALSE(breaker->admit(now).permit);
}

TEST_F(circuit_breaker_test, half_open_asks_those_refused_to_come_back_soon) {
  open();
  now += 10s;
  admitted();
  EXPECT_EQ(breaker->admit(now).retry_after, 1s);
  auto settings = plain_settings();
  settings.open_for = 200ms;
  use(settings);
  open();
  now += 200ms;
  admitted();
  EXPECT_EQ(breaker->admit(now).retry_after, 200ms);
}

TEST_F(circuit_breaker_test, closes_after_enough_successes) {
  open();
  now += 10s;
  EXPECT_FALSE(succeed());
  EXPECT_EQ(breaker->state(), state::half_open);
  EXPECT_EQ(succeed(), (change{state::half_open, state::closed}));
  EXPECT_FALSE(fail());
  EXPECT_FALSE(fail()) << "what was before is forgotten";
}

TEST_F(circuit_breaker_test, opens_again_when_a_probe_fails) {
  open();
  now += 10s;
  succeed();
  EXPECT_EQ(fail(), (change{state::half_open, state::open}));
  EXPECT_EQ(breaker->admit(now).retry_after, 10s);
  now += 10s;
  EXPECT_FALSE(succeed()) << "the success before that no longer counts";
}

TEST_F(circuit_breaker_test, gives_the_place_of_a_cancelled_probe_to_another) {
  open();
  now += 10s;
  breaker->ignored(admitted());
  EXPECT_EQ(breaker->state(), state::half_open);
  EXPECT_TRUE(breaker->admit(now).permit);
}

TEST_F(circuit_breaker_test, gives_the_place_of_a_lost_probe_to_another) {
  open();
  now += 10s;
  const auto lost = admitted();
  now += probe_timeout - 1ms;
  EXPECT_FALSE(breaker->admit(now).permit);
  now += 1ms;
  const auto second = admitted();
  EXPECT_FALSE(breaker->failed(now, lost, 0)) << "it no longer counts";
  EXPECT_FALSE(breaker->admit(now).permit) << "nor frees the other's place";
  EXPECT_TRUE(breaker->failed(now, second, 0));
}

TEST_F(circuit_breaker_test, ignores_what_began_before_the_state_changed) {
  const auto early = admitted();
  const auto also_early = admitted();
  open();
  now += 1s;
  EXPECT_FALSE(breaker->failed(now, early, 0.9));
  EXPECT_EQ(breaker->admit(now).retry_after, 9s) << "not opened anew";
  now += 9s;
  const auto probe = admitted();
  EXPECT_FALSE(breaker->succeeded(now, early));
  EXPECT_FALSE(breaker->succeeded(now, also_early));
  EXPECT_EQ(breaker->state(), state::half_open);
  EXPECT_FALSE(breaker->admit(now).permit) << "the probe keeps its place";
  EXPECT_FALSE(breaker->succeeded(now, probe));
  EXPECT_TRUE(succeed());
  for (int i = 0; i < 5; ++i)
    EXPECT_FALSE(breaker->failed(now, probe, 0)) << "closed, long after";
}

TEST_F(circuit_breaker_test, counts_each_probe_once) {
  open();
  now += 10s;
  const auto probe = admitted();
  EXPECT_FALSE(breaker->succeeded(now, probe));
  EXPECT_FALSE(breaker->succeeded(now, probe));
  EXPECT_EQ(breaker->state(), state::half_open);
}

TEST_F(circuit_breaker_test, ignores_a_ticket_that_it_never_gave) {
  for (int i = 0; i < 10; ++i)
    EXPECT_FALSE(breaker->failed(now, {}, 0));
  EXPECT_EQ(breaker->state(), state::closed);
}

TEST_F(circuit_breaker_test, that_is_disabled_always_allows) {
  auto settings = plain_settings();
  settings.enabled = false;
  use(settings);
  for (int i = 0; i < 100; ++i)
    EXPECT_FALSE(fail());
  EXPECT_EQ(breaker->state(), state::closed);
  EXPECT_TRUE(breaker->admit(now).permit);
}

TEST(breaker_state, has_a_name_for_the_log) {
  EXPECT_EQ(to_string(state::closed), "closed");
  EXPECT_EQ(to_string(state::half_open), "half-open");
  EXPECT_EQ(to_string(state::open), "open");
}

} // namespace

} // namespace mfo::core
