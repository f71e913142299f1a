#include "cluster/claims/told_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <variant>
#include <vector>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct a_told_queue : testing::Test {
  static settled_claim ended(const std::string& id) {
    return {.number = 1, .id = id, .end = core::delivery_end::taken};
  }

  std::vector<std::string> ids_of(const std::vector<told_claim>& told) {
    std::vector<std::string> ids;
    for (const auto& each : told)
      ids.push_back(std::visit([](const auto& what) { return what.id; }, each));
    return ids;
  }

  std::vector<std::string> next(std::size_t most = 100) {
    return ids_of(queue.next(most, now));
  }

  told_queue::clock::time_point now{1h};
  told_queue queue{3};
};

TEST_F(a_told_queue, says_each_thing_once_over_a_link) {
  queue.push(ended("1"));
  queue.push(ended("2"));
  queue.push(ended("3"));
  EXPECT_TRUE(queue.has_unsaid());
  EXPECT_THAT(next(2), ElementsAre("1", "2"));
  EXPECT_THAT(next(2), ElementsAre("3"));
  EXPECT_THAT(next(2), IsEmpty());
  EXPECT_FALSE(queue.has_unsaid());
}

TEST_F(a_told_queue, says_again_over_a_new_link_what_was_not_heard) {
  queue.push(ended("1"));
  queue.push(ended("2"));
  queue.push(ended("3"));
  next(2);
  EXPECT_TRUE(queue.acknowledge(1));
  EXPECT_EQ(queue.size(), 2u);
  queue.link_opened();
  EXPECT_THAT(next(), ElementsAre("2", "3"));
  EXPECT_TRUE(queue.acknowledge(2));
  EXPECT_EQ(queue.size(), 0u);
}

TEST_F(a_told_queue, believes_nobody_who_has_heard_more_than_was_said) {
  queue.push(ended("1"));
  EXPECT_FALSE(queue.acknowledge(1));
  next();
  EXPECT_TRUE(queue.acknowledge(1));
  EXPECT_TRUE(queue.acknowledge(1)) << "that is no news, and no mistake";
  EXPECT_TRUE(queue.acknowledge(0));
  EXPECT_FALSE(queue.acknowledge(2));
}

TEST_F(a_told_queue, has_room_for_so_many_ends_and_for_any_record) {
  EXPECT_TRUE(queue.push(ended("1")));
  EXPECT_TRUE(queue.push(ended("2")));
  EXPECT_TRUE(queue.push(ended("3")));
  EXPECT_FALSE(queue.push(ended("4")));
  queue.push({.id = "5", .what = ownership::state::done}, now);
  EXPECT_EQ(queue.records(), 1u);
  EXPECT_THAT(next(), ElementsAre("1", "2", "3", "5"));
  queue.acknowledge(4);
  EXPECT_EQ(queue.records(), 0u);
  EXPECT_TRUE(queue.push(ended("6")));
}

TEST_F(a_told_queue, tells_times_as_they_are_when_they_are_told) {
  queue.push({.id = "1", .left = 5s, .age = 10s}, now);
  now += 2s;
  const auto told = queue.next(1, now);
  EXPECT_EQ(std::get<ownership::record>(told.front()).left, 3s);
  EXPECT_EQ(std::get<ownership::record>(told.front()).age, 12s);
  const auto back = queue.take_all(now + 4s);
  EXPECT_EQ(std::get<ownership::record>(back.front()).left, 0s);
  EXPECT_EQ(std::get<ownership::record>(back.front()).age, 16s);
}

TEST_F(a_told_queue, gives_back_what_was_not_said) {
  queue.push(ended("1"));
  next();
  queue.push({.id = "2", .what = ownership::state::done}, now);
  EXPECT_THAT(ids_of(queue.take_unsaid(now)), ElementsAre("2"));
  EXPECT_EQ(queue.records(), 0u);
  EXPECT_EQ(queue.size(), 1u);
  EXPECT_TRUE(queue.acknowledge(1));
}

TEST_F(a_told_queue, gives_back_all_and_still_understands_what_was_heard) {
  queue.push(ended("1"));
  queue.push(ended("2"));
  next(1);
  EXPECT_THAT(ids_of(queue.take_all(now)), ElementsAre("1", "2"));
  queue.push(ended("3"));
  EXPECT_THAT(next(), ElementsAre("3"));
  EXPECT_TRUE(queue.acknowledge(1));
  EXPECT_EQ(queue.size(), 1u);
  EXPECT_TRUE(queue.acknowledge(2));
  EXPECT_EQ(queue.size(), 0u);
}

} // namespace

} // namespace mfo::cluster
