#include "core/retry_after.hpp"

#include "core/http_date.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mfo::core {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::sys_days;
using std::chrono::system_clock;

const system_clock::time_point now = sys_days{2026y / 11 / 24} + 12h;

milliseconds wait_of(std::string_view value, milliseconds cap = 1h) {
  return parse_retry_after(value, now, cap);
}

TEST(retry_after, is_whole_seconds) {
  EXPECT_EQ(wait_of("0"), 0s);
  EXPECT_EQ(wait_of("1"), 1s);
  EXPECT_EQ(wait_of("120"), 120s);
  EXPECT_EQ(wait_of("007"), 7s);
}

TEST(retry_after, may_be_a_fraction_and_is_never_shortened) {
  EXPECT_EQ(wait_of("1.5"), 1'500ms);
  EXPECT_EQ(wait_of("0.25"), 250ms);
  EXPECT_EQ(wait_of("2.000"), 2s);
  EXPECT_EQ(wait_of("1.0009"), 1'001ms);
  EXPECT_EQ(wait_of("0.0001"), 1ms);
  EXPECT_EQ(wait_of("1.9999"), 2s);
  EXPECT_EQ(wait_of("1.5000000000000000000000000000000000000000"), 1'500ms);
}

TEST(retry_after, may_be_a_date) {
  EXPECT_EQ(wait_of("Tue, 24 Nov 2026 12:00:30 GMT"), 30s);
  EXPECT_EQ(wait_of("Tuesday, 24-Nov-26 12:00:30 GMT"), 30s);
  EXPECT_EQ(wait_of("Tue Nov 24 12:00:30 2026"), 30s);
  EXPECT_EQ(parse_retry_after("Tue, 24 Nov 2026 12:00:30 GMT", now + 400ms, 1h),
            29'600ms);
  EXPECT_EQ(
      parse_retry_after("Tue, 24 Nov 2026 12:00:30 GMT", now + 400'500us, 1h),
      29'600ms)
      << "rounded up";
}

TEST(retry_after, that_is_past_is_nothing) {
  EXPECT_EQ(wait_of("Tue, 24 Nov 2026 12:00:00 GMT"), 0s);
  EXPECT_EQ(wait_of("Tue, 24 Nov 2026 11:59:59 GMT"), 0s);
  EXPECT_EQ(wait_of("Fri, 31 Dec 1999 23:59:59 GMT"), 0s);
  EXPECT_EQ(wait_of("Sat, 01 Jan 0000 00:00:00 GMT"), 0s);
}

TEST(retry_after, is_at_most_the_cap) {
  EXPECT_EQ(wait_of("60", 60s), 60s);
  EXPECT_EQ(wait_of("61", 60s), 60s);
  EXPECT_EQ(wait_of("60.001", 60s), 60s);
  EXPECT_EQ(wait_of("4294967295", 60s), 60s);
  EXPECT_EQ(wait_of("1", 500ms), 500ms);
  EXPECT_EQ(wait_of("1", 0ms), 0ms);
  EXPECT_EQ(wait_of("Wed, 25 Nov 2026 12:00:00 GMT", 60s), 60s);
  EXPECT_EQ(wait_of("Fri, 31 Dec 9999 23:59:59 GMT", 60s), 60s);
}

TEST(retry_after, is_the_cap_for_a_number_that_no_integer_holds) {
  EXPECT_EQ(wait_of("4294967296", 60s), 60s);
  EXPECT_EQ(wait_of("99999999999999999999999", 60s), 60s);
  EXPECT_EQ(wait_of("99999999999999999999999.5", 60s), 60s);
  EXPECT_EQ(wait_of(std::string(10'000, '9'), 60s), 60s);
}

TEST(retry_after, may_have_space_around_it) {
  EXPECT_EQ(wait_of(" 1"), 1s);
  EXPECT_EQ(wait_of("1 \t "), 1s);
  EXPECT_EQ(wait_of("\t 1.5 "), 1'500ms);
  EXPECT_EQ(wait_of(" Tue, 24 Nov 2026 12:00:30 GMT "), 30s);
}

TEST(retry_after, is_nothing_for_anything_else) {
  for (const auto* value : {"",
                            " ",
                            "-1",
                            "+1",
                            "-0.5",
                            ".5",
                            "1.",
                            "1.5.2",
                            "1,5",
                            "1e3",
                            "1 2",
                            "1s",
                            "0x10",
                            "soon",
                            "nan",
                            "inf",
                            "1\n",
                            "99999999999999999999999s",
                            "Tue, 24 Nov 2026 12:00:30 CET",
                            "Tue, 31 Nov 2026 12:00:30 GMT"})
    EXPECT_EQ(wait_of(value), 0s) << value;
}

} // namespace

} // namespace mfo::core
