#include "cluster/membership/dial_schedule.hpp"

#include <gtest/gtest.h>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using clock = dial_schedule::clock;

const address node_b{.host = "node-b", .port = 7420};
const address node_c{.host = "node-c", .port = 7420};

/// Waits have their full length with this randomness.
constexpr double longest = 1;
constexpr double shortest = 0;

struct dialling : testing::Test {
  /// How long after `now` it may be dialled.
  clock::duration wait_of(const address& where) const {
    clock::duration wait{0};
    while (!dials.may_dial(where, now + wait))
      wait += 1ms;
    return wait;
  }

  void fail_once(double uniform) {
    now += wait_of(node_b);
    dials.failed(dials.begin(node_b, now), now, uniform);
  }

  membership_settings settings{.max_dials = 2};
  dial_schedule dials{settings};
  clock::time_point now{1h};
};

TEST_F(dialling, may_begin_at_once_and_once_at_a_time) {
  EXPECT_TRUE(dials.may_dial(node_b, now));
  dials.begin(node_b, now);
  EXPECT_FALSE(dials.may_dial(node_b, now));
  EXPECT_TRUE(dials.may_dial(node_c, now));
}

TEST_F(dialling, gives_each_dial_a_number_of_its_own) {
  const auto one = dials.begin(node_b, now);
  EXPECT_LT(one, dials.begin(node_c, now));
}

TEST_F(dialling, is_bounded_in_all) {
  const auto one = dials.begin(node_b, now);
  dials.begin(node_c, now);
  EXPECT_FALSE(dials.may_dial({.host = "node-d", .port = 7420}, now));
  EXPECT_EQ(dials.in_flight(), 2u);
  EXPECT_EQ(dials.opened(one), node_b);
  EXPECT_TRUE(dials.may_dial({.host = "node-d", .port = 7420}, now));
}

TEST_F(dialling, waits_twice_as_long_after_each_failure_up_to_a_limit) {
  for (const auto wait :
       {200ms, 400ms, 800ms, 1'600ms, 3'200ms, 5'000ms, 5'000ms}) {
    fail_once(longest);
    EXPECT_EQ(wait_of(node_b), wait);
  }
}

TEST_F(dialling, waits_half_as_long_by_chance) {
  for (const auto wait : {100ms, 200ms, 400ms}) {
    fail_once(shortest);
    EXPECT_EQ(wait_of(node_b), wait);
  }
}

TEST_F(dialling, waits_for_each_address_on_its_own) {
  fail_once(longest);
  EXPECT_EQ(wait_of(node_c), 0ms);
}

TEST_F(dialling, waits_long_after_a_refusal_that_lasts) {
  EXPECT_EQ(dials.refused(dials.begin(node_b, now), now), node_b);
  EXPECT_EQ(wait_of(node_b), settings.refused_dial_wait);
}

TEST_F(dialling, takes_a_link_that_ends_soon_for_a_failure) {
  for (const auto wait : {200ms, 400ms, 800ms}) {
    now += wait_of(node_b);
    dials.opened(dials.begin(node_b, now));
    dials.link_ended(node_b, 1s, now, longest);
    EXPECT_EQ(wait_of(node_b), wait);
  }
}

TEST_F(dialling, begins_anew_after_a_link_that_held) {
  for (int i = 0; i < 5; ++i)
    fail_once(longest);
  now += wait_of(node_b);
  dials.opened(dials.begin(node_b, now));
  dials.link_ended(node_b, settings.dead_after, now, longest);
  EXPECT_EQ(wait_of(node_b), 200ms);
}

TEST_F(dialling, gives_up_a_dial_without_an_answer) {
  const auto lost = dials.begin(node_b, now);
  now += settings.dial_timeout - 1ms;
  EXPECT_TRUE(dials.expire(now, longest).empty());
  now += 1ms;
  EXPECT_EQ(dials.expire(now, longest), std::vector{node_b});
  EXPECT_EQ(wait_of(node_b), 200ms);
  EXPECT_FALSE(dials.opened(lost)) << "too late";
  EXPECT_FALSE(dials.failed(lost, now, longest));
}

TEST_F(dialling, forgets_addresses_that_nobody_has_any_more) {
  dials.failed(dials.begin(node_b, now), now, longest);
  dials.begin(node_c, now);
  dials.keep_only({});
  EXPECT_EQ(dials.size(), 1u) << "one is being dialled";
  EXPECT_EQ(wait_of(node_b), 0ms);
}

} // namespace

} // namespace mfo::cluster
