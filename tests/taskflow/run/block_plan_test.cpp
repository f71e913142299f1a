#include "taskflow/run/block_plan.hpp"

#include "tests/taskflow/run/builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::taskflow::tests {

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(block_plan, knows_who_waits_for_a_task) {
  const auto block = made_of({call("a"), call("b").after({"a"}),
                              call("c").depends("a.Failed").reads({"b"})});
  const block_plan plan{block};
  EXPECT_THAT(plan.dependents(0), ElementsAre(1, 2));
  EXPECT_THAT(plan.dependents(1), ElementsAre(2));
  EXPECT_THAT(plan.dependents(2), IsEmpty());
}

TEST(block_plan, knows_what_must_have_ended_well_whatever_depends_says) {
  const auto block =
      made_of({call("a"), call("b"), condition("c", {}, {"d"}),
               call("d").depends("a || b.Failed").reads({"a", "b", "c"}),
               call("e").reads({"a", "c"})});
  const block_plan plan{block};
  EXPECT_THAT(plan.others(3), IsEmpty());
  EXPECT_THAT(plan.others(4), ElementsAre(0, 2));
}

TEST(block_plan, knows_whether_an_outcome_is_looked_for) {
  using enum task_outcome;
  const auto block = made_of({call("a"), call("b").depends("a.Failed"),
                              call("c").after({"a"}), call("d").reads({"b"})});
  const block_plan plan{block};
  EXPECT_TRUE(plan.handles(0, failed));
  EXPECT_FALSE(plan.handles(0, errored));
  EXPECT_FALSE(plan.handles(1, failed));
}

TEST(block_plan, knows_how_a_task_begins_and_ends) {
  using std::chrono::seconds;
  const auto block =
      made_of({call("a").priority(task_priority::high).timeout(seconds{1}),
               set("b", "[1, 2]").after({"a"}).output_as("both"),
               set("c", "INPUT.c").after({"a", "b"}).when("INPUT.d")});
  const block_plan plan{block};
  EXPECT_TRUE(plan[0].is_call);
  EXPECT_TRUE(plan[0].has_timeout);
  EXPECT_EQ(plan[0].priority, task_priority::high);
  EXPECT_FALSE(plan[1].is_call);
  EXPECT_TRUE(plan[1].has_name);
  EXPECT_FALSE(plan[1].has_timeout);
  ASSERT_NE(plan[1].constant, nullptr);
  EXPECT_EQ(*plan[1].constant, json::parse("[1,2]"));
  EXPECT_EQ(plan[1].constant_size, 5);
  EXPECT_EQ(plan[2].constant, nullptr);
  EXPECT_TRUE(plan[2].has_when);
  EXPECT_EQ(plan[2].waits_for, 2);
}

TEST(block_plan, knows_what_begins_if_all_that_it_waits_for_ended_well) {
  const auto block = made_of(
      {call("a"), condition("b", {}, {"e"}), call("c").after({"a"}),
       call("d").depends("a || b"), call("e").after({"a"}).reads({"b"})});
  const block_plan plan{block};
  EXPECT_TRUE(plan[0].is_plain);
  EXPECT_TRUE(plan[2].is_plain);
  EXPECT_FALSE(plan[3].is_plain);
  EXPECT_FALSE(plan[4].is_plain);
  EXPECT_TRUE(plan[4].is_selected);
}

TEST(block_plan, finds_tasks_by_name) {
  const auto block = made_of({call("a"), call("b")});
  const block_plan plan{block};
  EXPECT_EQ(plan.find("b"), 1);
  EXPECT_EQ(plan.find("c"), std::nullopt);
}

} // namespace

} // namespace mfo::taskflow::tests
