#include "taskflow/run/kept_plan.hpp"

#include "taskflow/run/block_plan.hpp"
#include "tests/taskflow/run/builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <thread>
#include <vector>

namespace mfo::taskflow::tests {

namespace {

using ::testing::Each;

TEST(kept_plan, is_made_once) {
  const auto block = made_of({call("a")});
  EXPECT_EQ(&block.plan.of(block), &block.plan.of(block));
}

TEST(kept_plan, is_the_same_on_all_threads) {
  const auto block = made_of({call("a"), call("b").after({"a"})});
  std::array<const block_plan*, 4> seen{};
  {
    std::vector<std::jthread> threads;
    for (auto& each : seen)
      threads.emplace_back([&] { each = &block.plan.of(block); });
  }
  EXPECT_THAT(seen, Each(&block.plan.of(block)));
}

TEST(kept_plan, is_not_that_of_the_block_that_was_copied_or_moved) {
  const auto one = made_of({call("a")});
  EXPECT_EQ(one.plan.of(one).find("b"), std::nullopt);
  auto other = one;
  other.tasks[0].id = "b";
  EXPECT_EQ(other.plan.of(other).find("b"), 0);
  const auto moved = std::move(other);
  EXPECT_EQ(moved.plan.of(moved).find("b"), 0);
}

TEST(kept_plan, is_not_that_of_the_block_that_stood_there_before) {
  auto block = made_of({call("a")});
  EXPECT_EQ(block.plan.of(block).find("b"), std::nullopt);
  block = made_of({call("b")});
  EXPECT_EQ(block.plan.of(block).find("b"), 0);
}

} // namespace

} // namespace mfo::taskflow::tests
