#include "cluster/membership/incarnation.hpp"

#include <gtest/gtest.h>

namespace mfo::cluster {

namespace {

constexpr incarnation early{.started = 1'000, .process = 9};
constexpr incarnation late{.started = 2'000, .process = 5};

TEST(an_incarnation, is_greater_if_it_started_later) {
  EXPECT_LT(early, late);
}

TEST(an_incarnation, is_told_from_another_of_the_same_moment_by_chance) {
  EXPECT_LT(early, (incarnation{.started = 1'000, .process = 10}));
}

TEST(an_incarnation, is_raised_above_another_and_stays_its_own_process) {
  const auto raised = raised_above(early, late);
  EXPECT_GT(raised, late);
  EXPECT_EQ(raised.process, early.process);
}

TEST(an_incarnation, that_is_greater_is_not_raised) {
  EXPECT_EQ(raised_above(late, early), late);
}

TEST(an_incarnation, can_be_logged) {
  EXPECT_EQ(to_string(incarnation{.started = 12, .process = 255}),
            "12-00000000000000ff");
}

} // namespace

} // namespace mfo::cluster
