#include "core/trail.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace mfo::core {

namespace {

constexpr std::chrono::steady_clock::time_point first_placing{
    std::chrono::hours{1}};

TEST(a_trail, begins_empty) {
  const auto now = trail{}.look();
  EXPECT_EQ(now.from, "");
  EXPECT_EQ(now.to, nullptr);
  EXPECT_TRUE(now.placings.empty());
}

TEST(a_trail, knows_where_the_event_goes) {
  trail one;
  const auto to = std::make_shared<const destinations>(
      destinations{"default", {"intake/main"}});
  one.routed(to);
  EXPECT_EQ(one.look().to, to);
}

TEST(a_trail, knows_the_nodes_that_were_given_the_event) {
  trail one;
  one.placed("node-b", first_placing);
  one.placed("node-c", first_placing + std::chrono::seconds{1});
  const auto now = one.look();
  ASSERT_EQ(now.placings.size(), 2u);
  EXPECT_EQ(now.placings[0].node, "node-b");
  EXPECT_EQ(now.placings[1].at, first_placing + std::chrono::seconds{1});
}

TEST(a_trail, knows_the_node_that_the_event_comes_from) {
  trail one;
  one.came_from("node-a");
  EXPECT_EQ(one.look().from, "node-a");
}

TEST(a_trail, keeps_the_first_of_many_nodes) {
  trail one;
  for (std::size_t i = 0; i < 2 * trail::most_placings; ++i)
    one.placed("node-" + std::to_string(i), first_placing);
  const auto now = one.look();
  ASSERT_EQ(now.placings.size(), trail::most_placings);
  EXPECT_EQ(now.placings.front().node, "node-0");
}

TEST(a_trail, goes_with_its_event) {
  trail one;
  one.placed("node-b", first_placing);
  const trail other{std::move(one)};
  EXPECT_EQ(other.look().placings.size(), 1u);
}

} // namespace

} // namespace mfo::core
