#include "node/dead_letter_options.hpp"

#include "core/rfc3339.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::node {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const auto now = *core::parse_rfc3339("2026-11-24T12:00:00Z");

TEST(moment, is_a_time_a_day_or_how_long_ago) {
  EXPECT_EQ(parse_moment("2026-11-24T11:00:00Z", now), now - 1h);
  EXPECT_EQ(parse_moment("2026-11-24T13:00:00+02:00", now), now - 1h);
  EXPECT_EQ(parse_moment("2026-11-24", now), now - 12h);
  EXPECT_EQ(parse_moment("90m", now), now - 90min);
  EXPECT_EQ(parse_moment("7d", now), now - 7 * 24h);
}

TEST(moment, that_is_none_of_these_is_refused) {
  for (const auto* text : {"", "yesterday", "2026-11", "2026-11-31", "90"})
    EXPECT_FALSE(parse_moment(text, now)) << text;
  EXPECT_THAT(parse_moment("x", now).error(), HasSubstr("as 90m"));
}

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
