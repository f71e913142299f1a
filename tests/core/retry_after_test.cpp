#include "core/retry_after.hpp"

#include <gtest/gtest.h>

namespace mfo::core {

namespace {

using namespace std::chrono_literals;

TEST(retry_after, is_whole_seconds) {
  EXPECT_EQ(parse_retry_after("0", 1h), 0s);
  EXPECT_EQ(parse_retry_after("1", 1h), 1s);
  EXPECT_EQ(parse_retry_after("120", 1h), 120s);
  EXPECT_EQ(parse_retry_after("007", 1h), 7s);
}

TEST(retry_after, is_at_most_the_cap) {
  EXPECT_EQ(parse_retry_after("60", 60s), 60s);
  EXPECT_EQ(parse_retry_after("61", 60s), 60s);
  EXPECT_EQ(parse_retry_after("4294967295", 60s), 60s);
  EXPECT_EQ(parse_retry_after("1", 500ms), 500ms);
}

TEST(retry_after, is_the_cap_for_a_number_that_no_integer_holds) {
  EXPECT_EQ(parse_retry_after("4294967296", 60s), 60s);
  EXPECT_EQ(parse_retry_after("99999999999999999999999", 60s), 60s);
}

TEST(retry_after, is_nothing_for_anything_else) {
  for (const auto* value :
       {"", "-1", "+1", "1.5", " 1", "1 ", "1s", "0x10", "soon",
        "99999999999999999999999s", "Fri, 31 Dec 1999 23:59:59 GMT"})
    EXPECT_EQ(parse_retry_after(value, 1h), 0s) << value;
}

} // namespace

} // namespace mfo::core
