#include "core/renewal.hpp"

#include <gtest/gtest.h>

namespace mfo::core {

namespace {

using namespace std::chrono_literals;

constexpr double shortest = 0;
constexpr double longest = 1;

TEST(renewal, is_due_a_period_after_a_success) {
  renewal again{1h};
  EXPECT_EQ(again.succeeded(), 1h);
  EXPECT_EQ(again.succeeded(), 1h);
}

TEST(renewal, is_never_due_more_often_than_every_second) {
  renewal again{1ms};
  EXPECT_EQ(again.succeeded(), 1s);
  for (int i = 0; i < 100; ++i)
    EXPECT_GE(again.failed(shortest, 0ms), 1s);
}

TEST(renewal, waits_twice_as_long_at_most_after_each_failure) {
  renewal again{1h};
  EXPECT_EQ(again.failed(longest, 0ms), 2s);
  EXPECT_EQ(again.failed(longest, 0ms), 4s);
  EXPECT_EQ(again.failed(longest, 0ms), 8s);
}

TEST(renewal, waits_no_longer_than_five_minutes_after_failures) {
  renewal again{1h};
  for (int i = 0; i < 100; ++i)
    EXPECT_LE(again.failed(longest, 0ms), 5min);
  EXPECT_EQ(again.failed(longest, 0ms), 5min);
}

TEST(renewal, spreads_its_waits_over_the_whole_of_them) {
  renewal one{1h};
  renewal other{1h};
  EXPECT_EQ(one.failed(0.25, 0ms), 1'250ms);
  EXPECT_EQ(other.failed(0.75, 0ms), 1'750ms);
}

TEST(renewal, waits_as_long_as_it_is_asked_to) {
  renewal again{1h};
  EXPECT_EQ(again.failed(longest, 1min), 1min);
  EXPECT_EQ(again.failed(longest, 10min), 10min);
  EXPECT_EQ(again.failed(longest, 1s), 8s) << "that long anyway";
}

TEST(renewal, begins_anew_after_a_success) {
  renewal again{1h};
  for (int i = 0; i < 10; ++i)
    (void)again.failed(longest, 0ms);
  EXPECT_EQ(again.succeeded(), 1h);
  EXPECT_EQ(again.failed(longest, 0ms), 2s);
}

} // namespace

} // namespace mfo::core
