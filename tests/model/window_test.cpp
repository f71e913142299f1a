// What is remembered of deliveries: nothing is taken twice that is remembered,
// and nothing is held up that has failed, or was never heard of again.

#include "tests/model/explorer.hpp"
#include "tests/model/replayed.hpp"
#include "tests/model/window_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace mfo::model {

namespace {

using testing::HasSubstr;

template <class Window>
replayed<window_world<Window>> deliveries() {
  return replayed<window_world<Window>>{[] {
    return std::make_unique<window_world<Window>>();
  }};
}

TEST(a_window, of_a_node_takes_nothing_twice_and_holds_nothing_up) {
  expect_sound("the window of a node", deliveries<window_of_a_node>(),
               {.depth = 8});
}

TEST(a_window, of_an_owner_takes_nothing_twice_and_holds_nothing_up) {
  expect_sound("the window of an owner", deliveries<window_of_an_owner>(),
               {.depth = 8});
}

struct deaf_to_failures : window_of_a_node {
  using window_of_a_node::window_of_a_node;

  void settle(const std::string& id, std::size_t who, core::delivery_end end,
              clock::time_point now) {
    if (end != core::delivery_end::failed)
      window_of_a_node::settle(id, who, end, now);
  }
};

TEST(a_window, that_does_not_hear_of_a_failure_is_found) {
  EXPECT_THAT(first_finding(deliveries<deaf_to_failures>(), {.depth = 6}),
              HasSubstr("A is held up, and nothing of it is under way"));
}

struct too_small : window_of_a_node {
  too_small(std::size_t max_ids, std::chrono::milliseconds age)
    : window_of_a_node(max_ids - 1, age) {}
};

TEST(a_window, that_forgets_too_early_is_found) {
  EXPECT_THAT(first_finding(deliveries<too_small>(), {.depth = 6}),
              HasSubstr("A is remembered, and would be delivered again"));
}

/// A claim that has run out is never let go.
struct waits_for_ever : window_of_a_node {
  using window_of_a_node::window_of_a_node;

  verdict claim(const std::string& id, std::size_t who, clock::time_point,
                clock::time_point now) {
    return window_of_a_node::claim(id, who, clock::time_point::max(), now);
  }
};

TEST(a_window, that_waits_for_ever_for_a_delivery_is_found) {
  EXPECT_THAT(first_finding(deliveries<waits_for_ever>(), {.depth = 6}),
              HasSubstr("A is held up, and nothing of it is under way"));
}

} // namespace

} // namespace mfo::model
