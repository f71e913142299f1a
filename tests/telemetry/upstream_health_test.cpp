#include "telemetry/upstream_health.hpp"

#include <gtest/gtest.h>

namespace mfo::telemetry {

namespace {

using namespace std::chrono_literals;

const upstream_health::clock::time_point noon{12h};

TEST(upstream_health, knows_nothing_at_first) {
  const auto now = upstream_health{}.look();
  EXPECT_EQ(now.consecutive_failures, 0u);
  EXPECT_FALSE(now.last_success);
  EXPECT_EQ(now.last_error, "");
}

TEST(upstream_health, counts_failures_in_a_row) {
  upstream_health health;
  health.failed(noon, "refused");
  health.failed(noon, "timeout");
  EXPECT_EQ(health.look().consecutive_failures, 2u);
  EXPECT_EQ(health.look().last_error, "timeout");
}

TEST(upstream_health, forgets_failures_at_a_success) {
  upstream_health health;
  health.failed(noon, "refused");
  health.succeeded(noon, 3ms);
  EXPECT_EQ(health.look().consecutive_failures, 0u);
  EXPECT_EQ(health.look().last_error, "");
  EXPECT_EQ(health.look().last_success, noon);
  EXPECT_EQ(health.look().last_took, 3ms);
  health.failed(noon + 1s, "refused");
  EXPECT_EQ(health.look().last_success, noon) << "a failure does not undo it";
  EXPECT_EQ(health.look().last_heard, noon + 1s);
}

TEST(upstream_health, knows_by_a_probe_that_it_is_out_of_reach) {
  upstream_health health;
  health.not_reached(noon, "refused");
  EXPECT_TRUE(health.look().out_of_reach);
  EXPECT_EQ(health.look().last_error, "refused");
  EXPECT_EQ(health.look().consecutive_failures, 0u) << "of calls";
  health.reached(noon + 1s, 2ms);
  EXPECT_FALSE(health.look().out_of_reach);
  EXPECT_EQ(health.look().last_error, "");
  EXPECT_EQ(health.look().last_success, noon + 1s);
}

TEST(upstream_health, lets_no_probe_undo_what_calls_say) {
  upstream_health health;
  health.failed(noon, "answered 500");
  health.reached(noon + 1s, 2ms);
  EXPECT_EQ(health.look().consecutive_failures, 1u);
  EXPECT_EQ(health.look().last_error, "answered 500");
  EXPECT_TRUE(health.look().answers_again);
  health.failed(noon + 2s, "answered 500");
  EXPECT_FALSE(health.look().answers_again);
}

} // namespace

} // namespace mfo::telemetry
