#include "taskflow/trace/spans.hpp"

#include "tests/taskflow/run/builder.hpp"
#include "tests/taskflow/trace/moments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::taskflow {

namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using tests::moments;

TEST(spans, go_from_the_beginning_of_a_task_to_its_end) {
  const auto told = moments{}
                        .began("a", 1ms)
                        .again("a", 2ms, 2)
                        .ended("a", 5ms, task_outcome::failed, {}, 2);
  const auto spans = spans_of(told.run(9ms));
  ASSERT_THAT(spans, SizeIs(1));
  EXPECT_EQ(spans[0].began, moments::start + 1ms);
  EXPECT_EQ(spans[0].ended, moments::start + 5ms);
  EXPECT_TRUE(spans[0].has_begun && spans[0].has_ended);
  EXPECT_THAT(spans[0].tries, ElementsAre(moments::start + 2ms));
  EXPECT_EQ(spans[0].last->outcome, task_outcome::failed);
}

TEST(spans, of_tasks_under_way_end_with_what_is_known) {
  const auto told = moments{}.began("a", 1ms);
  const auto spans = spans_of(told.run(9ms, {}));
  ASSERT_THAT(spans, SizeIs(1));
  EXPECT_EQ(spans[0].ended, moments::start + 9ms);
  EXPECT_FALSE(spans[0].has_ended);
}

TEST(spans, of_tasks_passed_over_have_not_begun) {
  const auto told = moments{}.ended("a", 1ms, task_outcome::skipped, {}, 0);
  EXPECT_FALSE(spans_of(told.run(9ms)).at(0).has_begun);
}

TEST(spans, have_the_nearest_task_around_them_as_parent) {
  const auto told = moments{}
                        .began("each", 0ms)
                        .began("each/each[0]/in", 0ms)
                        .began("each/each[0]/in/tasks/a", 0ms)
                        .began("each/each[10]/a", 0ms)
                        .began("eac", 0ms);
  const auto spans = spans_of(told.run(9ms, {}));
  ASSERT_THAT(spans, SizeIs(5));
  EXPECT_EQ(spans[0].parent, std::nullopt);
  EXPECT_EQ(spans[1].parent, 0u);
  EXPECT_EQ(spans[2].parent, 1u);
  EXPECT_EQ(spans[3].parent, 0u);
  EXPECT_EQ(spans[4].parent, std::nullopt);
}

TEST(spans, are_no_longer_than_what_is_around_them) {
  const auto told = moments{}
                        .began("a", 0ms)
                        .began("a/tasks/b", 1ms)
                        .ended("a", 4ms)
                        .ended("a/tasks/b", 5ms);
  EXPECT_EQ(spans_of(told.run(9ms)).at(1).ended, moments::start + 4ms);
}

} // namespace

} // namespace mfo::taskflow
