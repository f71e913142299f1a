#include "core/delivery_window.hpp"

#include "core/event_id.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace mfo::core {

namespace {

using namespace std::chrono_literals;
using verdict = delivery_window::verdict;

struct a_window : testing::Test {
  static std::string id(int number) {
    return delivery_uuid("hook", std::to_string(number));
  }

  verdict claim(int number, const int& who) {
    return window.claim(id(number), &who, now + 10s, now);
  }

  void settle(int number, const int& who, delivery_end end) {
    window.settle(id(number), &who, end);
  }

  delivery_window window{{.max_ids = 3, .age = 1h}};
  delivery_window::clock::time_point now{100h};
  int one = 0;
  int other = 0;
};

TEST_F(a_window, lets_a_new_delivery_go_on) {
  EXPECT_EQ(claim(1, one), verdict::fresh);
  EXPECT_EQ(claim(2, other), verdict::fresh);
}

TEST_F(a_window, holds_a_repetition_back_while_the_first_is_under_way) {
  claim(1, one);
  EXPECT_EQ(claim(1, other), verdict::in_progress);
  EXPECT_EQ(claim(1, one), verdict::fresh) << "its own claim is no obstacle";
}

TEST_F(a_window, knows_what_was_taken_care_of) {
  claim(1, one);
  settle(1, one, delivery_end::taken);
  EXPECT_EQ(claim(1, other), verdict::taken);
  EXPECT_EQ(claim(1, one), verdict::taken);
}

TEST_F(a_window, takes_what_failed_again) {
  claim(1, one);
  settle(1, one, delivery_end::failed);
  EXPECT_EQ(claim(1, other), verdict::fresh);
}

TEST_F(a_window, does_not_listen_to_who_has_no_claim) {
  claim(1, one);
  settle(1, other, delivery_end::taken);
  settle(2, other, delivery_end::taken);
  EXPECT_EQ(claim(1, other), verdict::in_progress);
  EXPECT_EQ(claim(2, other), verdict::fresh);
  settle(1, one, delivery_end::taken);
  settle(1, one, delivery_end::failed);
  EXPECT_EQ(claim(1, other), verdict::taken) << "it is settled once";
}

TEST_F(a_window, ends_a_claim_that_nobody_settled_by_its_deadline) {
  claim(1, one);
  now += 10s;
  EXPECT_EQ(claim(1, other), verdict::fresh);
  settle(1, one, delivery_end::taken);
  EXPECT_EQ(claim(1, one), verdict::in_progress) << "it is another's now";
}

TEST_F(a_window, forgets_the_oldest_when_it_is_full) {
  for (const int number : {1, 2, 3}) {
    claim(number, one);
    settle(number, one, delivery_end::taken);
  }
  EXPECT_EQ(claim(4, one), verdict::fresh);
  EXPECT_EQ(window.size(), 3u);
  EXPECT_EQ(claim(2, one), verdict::taken);
  EXPECT_EQ(claim(3, one), verdict::taken);
}

TEST_F(a_window, does_not_forget_what_was_taken_for_what_fails) {
  claim(1, one);
  settle(1, one, delivery_end::taken);
  for (int number = 2; number < 20; ++number) {
    claim(number, one);
    settle(number, one, delivery_end::failed);
  }
  EXPECT_EQ(claim(1, one), verdict::taken);
}

TEST_F(a_window, forgets_what_is_old) {
  claim(1, one);
  settle(1, one, delivery_end::taken);
  now += 59min;
  EXPECT_EQ(claim(1, one), verdict::taken);
  now += 1min;
  EXPECT_EQ(claim(1, one), verdict::fresh);
}

TEST_F(a_window, stays_within_its_bound_whatever_fails_and_comes_again) {
  for (int i = 0; i < 1'000; ++i) {
    claim(i % 7, one);
    settle(i % 7, one, i % 3 == 0 ? delivery_end::taken : delivery_end::failed);
    EXPECT_LE(window.size(), 3u);
  }
}

TEST_F(a_window, of_no_ids_lets_everything_go_on) {
  delivery_window none{{.max_ids = 0}};
  EXPECT_EQ(none.claim(id(1), &one, now + 1s, now), verdict::fresh);
  none.settle(id(1), &one, delivery_end::taken);
  EXPECT_EQ(none.claim(id(1), &other, now + 1s, now), verdict::fresh);
  EXPECT_EQ(none.size(), 0u);
}

TEST_F(a_window, holds_to_other_bounds_from_then_on) {
  for (const int number : {1, 2, 3}) {
    claim(number, one);
    settle(number, one, delivery_end::taken);
  }
  window.set_bounds({.max_ids = 2, .age = 1h});
  claim(4, one);
  EXPECT_EQ(window.size(), 2u);
  EXPECT_EQ(claim(3, other), verdict::taken);
}

} // namespace

} // namespace mfo::core
