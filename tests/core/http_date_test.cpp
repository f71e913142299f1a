#include "core/http_date.hpp"

#include <gtest/gtest.h>

namespace mfo::core {

namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

std::string date_of(long long unix_time) {
  return to_http_date(sys_seconds{seconds{unix_time}});
}

TEST(http_date, is_the_example_of_the_rfc) {
  EXPECT_EQ(date_of(784'111'777), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(http_date, knows_every_day_of_the_week_and_leap_days) {
  EXPECT_EQ(date_of(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(date_of(951'782'399), "Mon, 28 Feb 2000 23:59:59 GMT");
  EXPECT_EQ(date_of(951'782'400), "Tue, 29 Feb 2000 00:00:00 GMT");
  EXPECT_EQ(date_of(951'868'800), "Wed, 01 Mar 2000 00:00:00 GMT");
  EXPECT_EQ(date_of(1'735'603'200), "Tue, 31 Dec 2024 00:00:00 GMT");
  EXPECT_EQ(date_of(1'735'862'400), "Fri, 03 Jan 2025 00:00:00 GMT");
  EXPECT_EQ(date_of(1'735'948'800), "Sat, 04 Jan 2025 00:00:00 GMT");
}

TEST(http_date, goes_back_before_the_epoch) {
  EXPECT_EQ(date_of(-1), "Wed, 31 Dec 1969 23:59:59 GMT");
}

} // namespace

} // namespace mfo::core
