#include "node/dead_letter_options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::node {
namespace {

TEST(budget, counts_a_limit_down) {
  dead_letters::filter which;
  which.limit = 3;
  letter_budget budget{which};
  budget.take(2);
  EXPECT_FALSE(budget.spent());
  EXPECT_EQ(budget.left(), 1u);
  budget.take(1);
  EXPECT_TRUE(budget.spent());
}

TEST(budget, without_a_limit_has_no_end) {
  letter_budget budget{{}};
  budget.take(1'000);
  EXPECT_FALSE(budget.spent());
  EXPECT_EQ(budget.left(), 0u) << "which is a filter's word for no limit";
}

} // namespace
} // namespace mfo::node
