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
  health.failed("refused");
  health.failed("timeout");
  EXPECT_EQ(health.look().consecutive_failures, 2u);
  EXPECT_EQ(health.look().last_error, "timeout");
}

TEST(upstream_health, forgets_failures_at_a_success) {
  upstream_health health;
  health.failed("refused");
  health.succeeded(noon);
  EXPECT_EQ(health.look().consecutive_failures, 0u);
  EXPECT_EQ(health.look().last_error, "");
  EXPECT_EQ(health.look().last_success, noon);
  health.failed("refused");
  EXPECT_EQ(health.look().last_success, noon) << "a failure does not undo it";
}

} // namespace

} // namespace mfo::telemetry
