#include "telemetry/line_limit.hpp"

#include <gtest/gtest.h>

namespace mfo::telemetry {

namespace {

using namespace std::chrono_literals;

TEST(a_line_limit, lets_so_many_through_in_each_period) {
  line_limit limit{2, 1s};
  const line_limit::clock::time_point start{1h};
  EXPECT_TRUE(limit.take(start));
  EXPECT_TRUE(limit.take(start + 500ms));
  EXPECT_FALSE(limit.take(start + 999ms));
  EXPECT_TRUE(limit.take(start + 1s));
  EXPECT_TRUE(limit.take(start + 1s));
  EXPECT_FALSE(limit.take(start + 1s));
}

} // namespace

} // namespace mfo::telemetry
