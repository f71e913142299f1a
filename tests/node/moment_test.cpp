#include "node/moment.hpp"

#include "core/rfc3339.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::node {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const auto noon = *core::parse_rfc3339("2026-11-24T12:00:00Z");

TEST(moment, is_a_time_a_day_or_how_long_ago) {
  EXPECT_EQ(parse_moment("2026-11-24T11:00:00Z", noon), noon - 1h);
  EXPECT_EQ(parse_moment("2026-11-24T13:00:00+02:00", noon), noon - 1h);
  EXPECT_EQ(parse_moment("2026-11-24", noon), noon - 12h);
  EXPECT_EQ(parse_moment("90m", noon), noon - 90min);
  EXPECT_EQ(parse_moment("7d", noon), noon - 7 * 24h);
}

TEST(moment, that_is_none_of_these_is_refused) {
  for (const auto* text : {"", "yesterday", "2026-11", "2026-11-31", "90"})
    EXPECT_FALSE(parse_moment(text, noon)) << text;
  EXPECT_THAT(parse_moment("x", noon).error(), HasSubstr("as 90m"));
}

} // namespace
} // namespace mfo::node
