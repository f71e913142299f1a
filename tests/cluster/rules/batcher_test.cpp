#include "cluster/rules/batcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace mfo::cluster {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct a_batcher : testing::Test {
  using batch = batcher<int>;
  using verdict = batch::verdict;

  batch events{{.max_events = 3, .max_bytes = 100}};
};

TEST_F(a_batcher, asks_for_one_flush_for_all_that_it_gathers) {
  EXPECT_EQ(events.add(1, 10), verdict::first);
  EXPECT_EQ(events.add(2, 10), verdict::gathered);
  EXPECT_THAT(events.flush(), ElementsAre(1, 2));
  EXPECT_EQ(events.size(), 0u);
  EXPECT_EQ(events.add(3, 10), verdict::first);
}

TEST_F(a_batcher, is_full_with_so_many_events) {
  events.add(1, 10);
  events.add(2, 10);
  EXPECT_EQ(events.add(3, 10), verdict::full);
  EXPECT_THAT(events.take(), ElementsAre(1, 2, 3));
}

TEST_F(a_batcher, is_full_with_so_many_bytes) {
  EXPECT_EQ(events.add(1, 99), verdict::first);
  EXPECT_EQ(events.add(2, 1), verdict::full);
  EXPECT_EQ(events.bytes(), 100u);
  EXPECT_THAT(events.take(), ElementsAre(1, 2));
  EXPECT_EQ(events.bytes(), 0u);
  EXPECT_EQ(events.add(3, 5'000), verdict::full)
      << "one that is larger than a batch goes alone";
}

TEST_F(a_batcher, has_one_flush_under_way_however_often_it_is_full) {
  events.add(1, 10);
  for (int round = 0; round < 3; ++round) {
    while (events.add(2, 10) != verdict::full) {
    }
    EXPECT_THAT(events.take(), testing::Not(IsEmpty()));
    EXPECT_EQ(events.add(3, 10), verdict::gathered);
  }
  EXPECT_THAT(events.flush(), ElementsAre(3));
  EXPECT_THAT(events.flush(), IsEmpty());
}

TEST_F(a_batcher, refuses_more_while_nobody_takes_a_full_batch) {
  for (int i = 0; i < 3; ++i)
    events.add(std::move(i), 10);
  EXPECT_EQ(events.add(4, 10), verdict::refused);
  EXPECT_EQ(events.size(), 3u);
}

TEST(a_batcher_that_refuses, leaves_the_event_to_its_owner) {
  batcher<std::unique_ptr<int>> events{{.max_events = 1}};
  events.add(std::make_unique<int>(1), 1);
  auto second = std::make_unique<int>(2);
  EXPECT_EQ(events.add(std::move(second), 1),
            batcher<std::unique_ptr<int>>::verdict::refused);
  ASSERT_TRUE(second);
  EXPECT_EQ(*second, 2);
}

} // namespace

} // namespace mfo::cluster
