#include "core/rfc3339.hpp"

#include <gtest/gtest.h>

namespace mfo::core {

namespace {

using std::chrono::milliseconds;

TEST(rfc3339, shows_a_moment_in_utc_with_milliseconds) {
  EXPECT_EQ(to_rfc3339(milliseconds{0}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(milliseconds{1'763'970'828'001}),
            "2025-11-24T07:53:48.001Z");
  EXPECT_EQ(to_rfc3339(milliseconds{951'782'400'999}),
            "2000-02-29T00:00:00.999Z");
  EXPECT_EQ(to_rfc3339(milliseconds{4'102'444'799'999}),
            "2099-12-31T23:59:59.999Z");
}

TEST(rfc3339, goes_back_before_the_epoch) {
  EXPECT_EQ(to_rfc3339(milliseconds{-1}), "1969-12-31T23:59:59.999Z");
}

} // namespace

} // namespace mfo::core
