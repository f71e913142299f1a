#include "core/http_date.hpp"

#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace mfo::core {

namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::system_clock;

const system_clock::time_point now = sys_days{2026y / 11 / 24} + 12h;
const sys_seconds example = sys_days{1994y / 11 / 6} + 8h + 49min + 37s;

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

TEST(http_date, is_put_behind_what_is_there) {
  std::string out{"Date: "};
  append_http_date(out, example);
  EXPECT_EQ(out, "Date: Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(http_date, goes_back_before_the_epoch) {
  EXPECT_EQ(date_of(-1), "Wed, 31 Dec 1969 23:59:59 GMT");
}

TEST(http_date, is_added_to_what_is_there) {
  std::string text{"Date: "};
  append_http_date(text, example);
  EXPECT_EQ(text, "Date: Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(a_date, may_have_each_form_of_the_rfc) {
  for (const auto* text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994"})
    EXPECT_EQ(parse_http_date(text, now), example) << text;
  EXPECT_EQ(parse_http_date("Wed Nov 16 08:49:37 1994", now),
            example + std::chrono::days{10});
}

TEST(a_date, that_is_written_is_read_again) {
  const auto seed = test::first_seed();
  SCOPED_TRACE(test::seed_trace(seed));
  std::mt19937 random{seed};
  const sys_seconds first = sys_days{1678y / 1 / 1};
  const sys_seconds last = sys_days{2262y / 1 / 1};
  for (int i = 0; i < 2'000; ++i) {
    const sys_seconds at{
        seconds{test::between(random, first.time_since_epoch().count(),
                              last.time_since_epoch().count())}};
    const auto text = to_http_date(at);
    EXPECT_EQ(parse_http_date(text, now), at) << text;
  }
}

TEST(a_date, has_any_weekday_that_there_is) {
  for (const std::string day :
       {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"})
    EXPECT_EQ(parse_http_date(day + ", 06 Nov 1994 08:49:37 GMT", now), example)
        << day;
  for (const std::string day : {"Monday", "Tuesday", "Wednesday", "Thursday",
                                "Friday", "Saturday", "Sunday"})
    EXPECT_EQ(parse_http_date(day + ", 06-Nov-94 08:49:37 GMT", now), example)
        << day;
}

TEST(a_date, is_nothing_when_anything_is_amiss) {
  for (const auto* text : {
           "",
           "Sun",
           "Sun, 06 Nov 1994 08:49:37",
           "Sun, 06 Nov 1994 08:49:37 UTC",
           "Sun, 06 Nov 1994 08:49:37 gmt",
           "Sun, 06 Nov 1994 08:49:37 GMT ",
           " Sun, 06 Nov 1994 08:49:37 GMT",
           "Sun,06 Nov 1994 08:49:37 GMT",
           "Sun, 6 Nov 1994 08:49:37 GMT",
           "Sun, 06 Nov 94 08:49:37 GMT",
           "Sun, 06 nov 1994 08:49:37 GMT",
           "sun, 06 Nov 1994 08:49:37 GMT",
           "Son, 06 Nov 1994 08:49:37 GMT",
           "Sunday, 06 Nov 1994 08:49:37 GMT",
           "Sun, 06-Nov-94 08:49:37 GMT",
           "Sunday, 06-Nov-1994 08:49:37 GMT",
           "Sunday, 06-Nov-94 08:49:37",
           "Sun Nov 6 08:49:37 1994",
           "Sun Nov  6 08:49:37 1994 GMT",
           "Sun Nov  6 08:49:37 94",
           "Sun, 00 Nov 1994 08:49:37 GMT",
           "Sun, 31 Nov 1994 08:49:37 GMT",
           "Sun, 99 Nov 1994 08:49:37 GMT",
           "Sun, 29 Feb 2023 08:49:37 GMT",
           "Sun, 06 Nov 1994 24:00:00 GMT",
           "Sun, 06 Nov 1994 08:60:00 GMT",
           "Sun, 06 Nov 1994 08:49:60 GMT",
           "Sun, 06 Nov 1994 23:59:61 GMT",
           "Sun, 06 Nov -994 08:49:37 GMT",
           "Sun, +6 Nov 1994 08:49:37 GMT",
           "1994-11-06T08:49:37Z",
       })
    EXPECT_FALSE(parse_http_date(text, now)) << text;
}

TEST(a_date, may_be_a_leap_day_or_a_leap_second) {
  EXPECT_EQ(parse_http_date("Thu, 29 Feb 2024 00:00:00 GMT", now),
            sys_days{2024y / 2 / 29});
  EXPECT_EQ(parse_http_date("Sat, 31 Dec 2016 23:59:60 GMT", now),
            sys_days{2017y / 1 / 1});
}

TEST(a_date, with_two_digits_of_a_year_is_at_most_fifty_years_away) {
  const auto year_of = [](const char* text, system_clock::time_point seen_at) {
    const auto at = parse_http_date(text, seen_at);
    return at ? static_cast<int>(std::chrono::year_month_day{
                    std::chrono::floor<std::chrono::days>(*at)}
                                     .year())
              : 0;
  };
  EXPECT_EQ(year_of("Monday, 24-Nov-26 12:00:00 GMT", now), 2026);
  EXPECT_EQ(year_of("Monday, 24-Nov-76 12:00:00 GMT", now), 2076);
  EXPECT_EQ(year_of("Monday, 24-Nov-76 12:00:01 GMT", now), 1976);
  EXPECT_EQ(year_of("Monday, 01-Jan-00 00:00:00 GMT", now), 2000);
  EXPECT_EQ(year_of("Monday, 01-Jan-05 00:00:00 GMT", sys_days{2099y / 1 / 1}),
            2105);
  EXPECT_EQ(year_of("Monday, 01-Jan-99 00:00:00 GMT", sys_days{2001y / 1 / 1}),
            1999);
}

TEST(a_date, knows_its_century_before_it_knows_its_leap_days) {
  EXPECT_TRUE(parse_http_date("Tuesday, 29-Feb-00 00:00:00 GMT", now))
      << "2000";
  EXPECT_FALSE(parse_http_date("Monday, 29-Feb-00 00:00:00 GMT",
                               sys_days{2080y / 1 / 1}))
      << "2100";
  EXPECT_TRUE(parse_http_date("Monday, 01-Jan-30 00:00:00 GMT",
                              sys_days{2024y / 2 / 29}))
      << "50 years from a leap day are a day that is none";
}

TEST(a_date, beyond_the_clock_is_its_first_or_last_second) {
  const auto last = parse_http_date("Fri, 31 Dec 9999 23:59:59 GMT", now);
  ASSERT_TRUE(last);
  EXPECT_GT(*last, sys_days{2262y / 1 / 1});
  EXPECT_EQ(parse_http_date("Sat, 01 Jan 3000 00:00:00 GMT", now), last);
  const auto first = parse_http_date("Sat, 01 Jan 0000 00:00:00 GMT", now);
  ASSERT_TRUE(first);
  EXPECT_LT(*first, sys_days{1678y / 1 / 1});
}

} // namespace

} // namespace mfo::core
