#include "taskflow/schedule/cron.hpp"

#include "core/rfc3339.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mfo::taskflow {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;
using time = cron_schedule::time;

cron_schedule parsed(std::string_view expression, std::string_view zone) {
  auto schedule = cron_schedule::parse(expression, zone);
  if (!schedule)
    throw std::invalid_argument(schedule.error().message);
  return *schedule;
}

time at(std::string_view text) {
  const auto read = core::parse_rfc3339(text);
  if (!read)
    throw std::invalid_argument("no date: " + std::string(text));
  return time{std::chrono::floor<std::chrono::seconds>(*read)};
}

std::string shown(std::optional<time> tick) {
  return tick ? core::to_rfc3339(tick->time_since_epoch()) : "never";
}

/// What `next` gives one after the other, in UTC without milliseconds.
std::vector<std::string> ticks(std::string_view expression,
                               std::string_view zone, std::string_view after,
                               std::size_t count) {
  const auto schedule = parsed(expression, zone);
  std::vector<std::string> all;
  auto now = at(after);
  while (all.size() < count) {
    const auto tick = schedule.next(now);
    all.push_back(shown(tick).substr(0, 16));
    if (!tick)
      break;
    now = *tick;
  }
  return all;
}

struct row {
  const char* expression;
  const char* zone;
  const char* now;
  const char* next;
};

void expect_all(const std::vector<row>& rows) {
  for (const auto& [expression, zone, now, next] : rows) {
    SCOPED_TRACE(testing::Message()
                 << expression << " in " << zone << " after " << now);
    const auto schedule = cron_schedule::parse(expression, zone);
    ASSERT_TRUE(schedule) << schedule.error().message;
    EXPECT_EQ(shown(schedule->next(at(now))), shown(at(next)));
  }
}

} // namespace

TEST(cron, fires_when_all_fields_match) {
  expect_all({
      {"* * * * *", "UTC", "2026-07-01T12:00:00Z", "2026-07-01T12:01:00Z"},
      {"* * * * *", "UTC", "2026-07-01T12:00:59Z", "2026-07-01T12:01:00Z"},
      {"* * * * *", "UTC", "2026-12-31T23:59:30Z", "2027-01-01T00:00:00Z"},
      {"30 4 * * *", "UTC", "2026-07-01T04:29:59Z", "2026-07-01T04:30:00Z"},
      {"30 4 * * *", "UTC", "2026-07-01T04:30:00Z", "2026-07-02T04:30:00Z"},
      {"0 0 * * *", "UTC", "2026-07-01T00:00:01Z", "2026-07-02T00:00:00Z"},
      {"5 0 1 * *", "UTC", "2026-07-01T00:05:00Z", "2026-08-01T00:05:00Z"},
      {"0 12 24 12 *", "UTC", "2026-12-24T12:00:00Z", "2027-12-24T12:00:00Z"},
      {"59 23 31 12 *", "UTC", "2026-01-01T00:00:00Z", "2026-12-31T23:59:00Z"},
      {"0 9 * * 1", "UTC", "2026-07-01T00:00:00Z", "2026-07-06T09:00:00Z"},
      {"0 0 * 2 *", "UTC", "2026-07-01T00:00:00Z", "2027-02-01T00:00:00Z"},
      {"07 05 04 03 *", "UTC", "2026-01-01T00:00:00Z", "2026-03-04T05:07:00Z"},
  });
}

TEST(cron, knows_names_in_any_case) {
  expect_all({
      {"0 6 1 jan *", "UTC", "2026-07-01T00:00:00Z", "2027-01-01T06:00:00Z"},
      {"0 6 1 OCT *", "UTC", "2026-07-01T00:00:00Z", "2026-10-01T06:00:00Z"},
      {"0 6 * * MON", "UTC", "2026-07-01T00:00:00Z", "2026-07-06T06:00:00Z"},
      {"0 6 * * Mon-Fri", "UTC", "2026-07-03T06:00:00Z",
       "2026-07-06T06:00:00Z"},
      {"0 6 * * sat,SUN", "UTC", "2026-07-01T00:00:00Z",
       "2026-07-04T06:00:00Z"},
      {"0 6 * * fri-sun", "UTC", "2026-07-04T06:00:00Z",
       "2026-07-05T06:00:00Z"},
      {"0 6 1 mar-May/2 *", "UTC", "2026-03-01T06:00:00Z",
       "2026-05-01T06:00:00Z"},
  });
}

TEST(cron, takes_ranges_lists_and_steps) {
  expect_all({
      {"*/15 * * * *", "UTC", "2026-07-01T12:01:00Z", "2026-07-01T12:15:00Z"},
      {"*/15 * * * *", "UTC", "2026-07-01T12:45:00Z", "2026-07-01T13:00:00Z"},
      {"*/25 * * * *", "UTC", "2026-07-01T12:50:00Z", "2026-07-01T13:00:00Z"},
      {"1-30/2 * * * *", "UTC", "2026-07-01T12:27:00Z", "2026-07-01T12:29:00Z"},
      {"1-30/2 * * * *", "UTC", "2026-07-01T12:29:00Z", "2026-07-01T13:01:00Z"},
      {"5/10 * * * *", "UTC", "2026-07-01T12:55:00Z", "2026-07-01T13:05:00Z"},
      {"5/10 * * * *", "UTC", "2026-07-01T12:00:00Z", "2026-07-01T12:05:00Z"},
      {"5,10,20-22 3 * * *", "UTC", "2026-07-01T03:20:00Z",
       "2026-07-01T03:21:00Z"},
      {"0 */6 * * *", "UTC", "2026-07-01T18:00:00Z", "2026-07-02T00:00:00Z"},
      {"0 9-17 * * *", "UTC", "2026-07-01T17:00:00Z", "2026-07-02T09:00:00Z"},
      {"0 22-23,0-2 * * *", "UTC", "2026-07-01T23:00:00Z",
       "2026-07-02T00:00:00Z"},
      {"0 0 1-31/10 * *", "UTC", "2026-07-22T00:00:00Z",
       "2026-07-31T00:00:00Z"},
      {"0 0 1 */5 *", "UTC", "2026-06-01T00:00:00Z", "2026-11-01T00:00:00Z"},
      {"0 0 1 2/5 *", "UTC", "2026-07-01T00:00:00Z", "2026-12-01T00:00:00Z"},
  });
}

TEST(cron, counts_the_week_from_sunday_to_sunday) {
  expect_all({
      {"0 0 * * 0", "UTC", "2026-07-01T00:00:00Z", "2026-07-05T00:00:00Z"},
      {"0 0 * * 7", "UTC", "2026-07-01T00:00:00Z", "2026-07-05T00:00:00Z"},
      {"0 0 * * 5-7", "UTC", "2026-07-04T00:00:00Z", "2026-07-05T00:00:00Z"},
      {"0 0 * * 5-0", "UTC", "2026-07-04T00:00:00Z", "2026-07-05T00:00:00Z"},
      {"0 0 * * 7-2", "UTC", "2026-07-05T00:00:00Z", "2026-07-06T00:00:00Z"},
      {"0 0 * * 7-2", "UTC", "2026-07-07T00:00:00Z", "2026-07-12T00:00:00Z"},
      {"0 0 * * 1/2", "UTC", "2026-07-03T00:00:00Z", "2026-07-06T00:00:00Z"},
      {"0 0 * * 7/3", "UTC", "2026-07-05T00:00:00Z", "2026-07-08T00:00:00Z"},
      {"0 0 * * */7", "UTC", "2026-07-01T00:00:00Z", "2026-07-05T00:00:00Z"},
  });
}

TEST(cron, takes_either_day_where_both_are_restricted) {
  expect_all({
      {"0 0 13 * 5", "UTC", "2026-07-01T00:00:00Z", "2026-07-03T00:00:00Z"},
      {"0 0 13 * 5", "UTC", "2026-07-10T00:00:00Z", "2026-07-13T00:00:00Z"},
      {"0 0 1,15 * mon", "UTC", "2026-07-13T00:00:00Z", "2026-07-15T00:00:00Z"},
      {"0 0 29 2 1", "UTC", "2026-01-01T00:00:00Z", "2026-02-02T00:00:00Z"},
      {"0 0 31 * 1-5", "UTC", "2026-10-30T00:00:00Z", "2026-10-31T00:00:00Z"},
  });
}

TEST(cron, wants_both_days_where_one_has_a_star) {
  expect_all({
      {"0 0 * * 5", "UTC", "2026-07-01T00:00:00Z", "2026-07-03T00:00:00Z"},
      {"0 0 13 * *", "UTC", "2026-07-01T00:00:00Z", "2026-07-13T00:00:00Z"},
      {"0 0 */2 * 1", "UTC", "2026-07-01T00:00:00Z", "2026-07-13T00:00:00Z"},
      {"0 0 13 * */5", "UTC", "2026-07-01T00:00:00Z", "2026-09-13T00:00:00Z"},
  });
}

TEST(cron, knows_how_long_months_and_years_are) {
  expect_all({
      {"0 0 31 * *", "UTC", "2026-08-31T00:00:00Z", "2026-10-31T00:00:00Z"},
      {"0 0 30 * *", "UTC", "2026-01-30T00:00:00Z", "2026-03-30T00:00:00Z"},
      {"0 0 31 4,6,7 *", "UTC", "2026-01-01T00:00:00Z", "2026-07-31T00:00:00Z"},
      {"0 0 29 2 *", "UTC", "2024-02-28T23:59:00Z", "2024-02-29T00:00:00Z"},
      {"0 0 29 2 *", "UTC", "2024-02-29T00:00:00Z", "2028-02-29T00:00:00Z"},
      {"0 0 29 * *", "UTC", "2026-01-29T00:00:00Z", "2026-03-29T00:00:00Z"},
      {"0 0 29 2 *", "UTC", "2096-02-29T00:00:00Z", "2104-02-29T00:00:00Z"},
      {"0 0 1 3 *", "UTC", "2100-02-28T00:00:00Z", "2100-03-01T00:00:00Z"},
      {"* * * * *", "UTC", "2100-02-28T23:59:00Z", "2100-03-01T00:00:00Z"},
      {"* * * * *", "UTC", "2000-02-28T23:59:00Z", "2000-02-29T00:00:00Z"},
      {"0 0 29 2 */7", "UTC", "2032-02-29T00:00:00Z", "2060-02-29T00:00:00Z"},
      {"0 0 29 2 */7", "UTC", "2088-02-29T00:00:00Z", "2128-02-29T00:00:00Z"},
      {"* * 29 2 */7", "UTC", "2088-02-29T23:59:00Z", "2128-02-29T00:00:00Z"},
  });
}

TEST(cron, knows_the_short_forms) {
  expect_all({
      {"@hourly", "UTC", "2026-07-01T12:00:00Z", "2026-07-01T13:00:00Z"},
      {"@daily", "UTC", "2026-07-01T12:00:00Z", "2026-07-02T00:00:00Z"},
      {"@Midnight", "UTC", "2026-07-01T12:00:00Z", "2026-07-02T00:00:00Z"},
      {"@weekly", "UTC", "2026-07-01T12:00:00Z", "2026-07-05T00:00:00Z"},
      {"@monthly", "UTC", "2026-07-01T12:00:00Z", "2026-08-01T00:00:00Z"},
      {"@yearly", "UTC", "2026-07-01T12:00:00Z", "2027-01-01T00:00:00Z"},
      {" @annually\t", "UTC", "2026-07-01T12:00:00Z", "2027-01-01T00:00:00Z"},
  });
}

TEST(cron, goes_by_the_clock_of_its_zone) {
  expect_all({
      {"0 8 * * *", "Europe/Berlin", "2026-01-15T00:00:00Z",
       "2026-01-15T08:00:00+01:00"},
      {"0 8 * * *", "Europe/Berlin", "2026-07-15T00:00:00Z",
       "2026-07-15T08:00:00+02:00"},
      {"0 8 * * *", "America/New_York", "2026-07-15T00:00:00Z",
       "2026-07-15T08:00:00-04:00"},
      {"0 0 1 1 *", "Asia/Kathmandu", "2026-12-31T18:14:59Z",
       "2027-01-01T00:00:00+05:45"},
      {"*/30 * * * *", "Asia/Kathmandu", "2026-07-01T00:00:00Z",
       "2026-07-01T00:15:00Z"},
      {"0 0 * * mon", "Pacific/Kiritimati", "2026-07-05T09:00:00Z",
       "2026-07-06T00:00:00+14:00"},
      {"0 0 * * mon", "US/Samoa", "2026-07-06T09:00:00Z",
       "2026-07-06T00:00:00-11:00"},
      {"0 0 29 2 *", "Etc/GMT-2", "2024-02-28T21:59:59Z",
       "2024-02-29T00:00:00+02:00"},
      // 2037 is the last year whose shifts Debian's tzdata lists.
      {"0 0 1 jul *", "Europe/Berlin", "2036-08-01T00:00:00Z",
       "2037-07-01T00:00:00+02:00"},
  });
}

// Europe/Berlin: 2026-03-29 02:00 becomes 03:00. New York: 2026-03-08, the
// same. Lord Howe: 2026-10-04 02:00 becomes 02:30. Apia: after 2011-12-29 came
// 2011-12-31. Beirut: 2026-03-29 00:00 becomes 01:00.
TEST(cron, fires_a_fixed_time_that_is_skipped_when_the_clocks_are_put_forward) {
  expect_all({
      {"30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z",
       "2026-03-29T03:00:00+02:00"},
      {"30 2 * * *", "Europe/Berlin", "2026-03-29T03:00:00+02:00",
       "2026-03-30T02:30:00+02:00"},
      {"0 2 * * *", "Europe/Berlin", "2026-03-29T01:59:59+01:00",
       "2026-03-29T03:00:00+02:00"},
      {"0 3 * * *", "Europe/Berlin", "2026-03-29T01:59:59+01:00",
       "2026-03-29T03:00:00+02:00"},
      {"15,45 2 * * *", "Europe/Berlin", "2026-03-29T03:00:00+02:00",
       "2026-03-30T02:15:00+02:00"},
      {"30 2 29 3 *", "Europe/Berlin", "2026-01-01T00:00:00Z",
       "2026-03-29T03:00:00+02:00"},
      {"30 2 * * *", "America/New_York", "2026-03-08T00:00:00-05:00",
       "2026-03-08T03:00:00-04:00"},
      {"15 2 * * *", "Australia/Lord_Howe", "2026-10-04T00:00:00+10:30",
       "2026-10-04T02:30:00+11:00"},
      {"0 12 30 12 *", "Pacific/Apia", "2011-12-01T00:00:00Z",
       "2011-12-31T00:00:00+14:00"},
      {"0 12 * * *", "Pacific/Apia", "2011-12-31T00:00:00+14:00",
       "2011-12-31T12:00:00+14:00"},
      {"0 0 * * *", "Asia/Beirut", "2026-03-28T12:00:00Z",
       "2026-03-29T01:00:00+03:00"},
  });
  EXPECT_THAT(ticks("0 2,3 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 2),
              ElementsAre("2026-03-29T01:00", "2026-03-30T00:00"));
}

// Berlin: 2026-10-25 03:00 becomes 02:00. New York: 2026-11-01 02:00 becomes
// 01:00. Lord Howe: 2026-04-05 02:00 becomes 01:30.
TEST(cron, fires_a_fixed_time_that_comes_twice_the_first_time_only) {
  expect_all({
      {"30 2 * * *", "Europe/Berlin", "2026-10-25T00:00:00+02:00",
       "2026-10-25T02:30:00+02:00"},
      {"30 2 * * *", "Europe/Berlin", "2026-10-25T02:30:00+02:00",
       "2026-10-26T02:30:00+01:00"},
      {"30 2 * * *", "Europe/Berlin", "2026-10-25T02:10:00+01:00",
       "2026-10-26T02:30:00+01:00"},
      {"0 3 * * *", "Europe/Berlin", "2026-10-25T02:59:00+02:00",
       "2026-10-25T03:00:00+01:00"},
      {"0 2 * * *", "Europe/Berlin", "2026-10-25T02:59:59+02:00",
       "2026-10-26T02:00:00+01:00"},
      {"30 1 * * *", "America/New_York", "2026-11-01T01:30:00-04:00",
       "2026-11-02T01:30:00-05:00"},
      {"45 1 * * *", "Australia/Lord_Howe", "2026-04-05T01:45:00+11:00",
       "2026-04-06T01:45:00+10:30"},
      {"30 2 25 10 *", "Europe/Berlin", "2026-10-25T02:30:00+02:00",
       "2027-10-25T02:30:00+02:00"},
  });
}

TEST(cron, fires_a_starred_time_whenever_the_clock_shows_it) {
  expect_all({
      // Put forward: what is skipped is not made up for.
      {"30 * * * *", "Europe/Berlin", "2026-03-29T01:30:00+01:00",
       "2026-03-29T03:30:00+02:00"},
      {"*/20 * * * *", "Europe/Berlin", "2026-03-29T01:40:00+01:00",
       "2026-03-29T03:00:00+02:00"},
      {"* 2 * * *", "Europe/Berlin", "2026-03-29T00:00:00+01:00",
       "2026-03-30T02:00:00+02:00"},
      {"*/30 2 * * *", "America/New_York", "2026-03-08T00:00:00-05:00",
       "2026-03-09T02:00:00-04:00"},
      {"15 */2 * * *", "Australia/Lord_Howe", "2026-10-04T01:00:00+10:30",
       "2026-10-04T04:15:00+11:00"},
      {"* * 30 12 *", "Pacific/Apia", "2011-12-01T00:00:00Z",
       "2012-12-30T00:00:00+14:00"},
      // Put back: what comes twice fires twice.
      {"30 * * * *", "Europe/Berlin", "2026-10-25T02:30:00+02:00",
       "2026-10-25T02:30:00+01:00"},
      {"*/30 2 * * *", "Europe/Berlin", "2026-10-25T02:30:00+02:00",
       "2026-10-25T02:00:00+01:00"},
      {"* 1 * * *", "America/New_York", "2026-11-01T01:59:00-04:00",
       "2026-11-01T01:00:00-05:00"},
      {"*/15 * * * *", "Australia/Lord_Howe", "2026-04-05T01:45:00+11:00",
       "2026-04-05T01:30:00+10:30"},
      {"@hourly", "Europe/Berlin", "2026-10-25T02:00:00+02:00",
       "2026-10-25T02:00:00+01:00"},
  });
  EXPECT_THAT(ticks("0 * * * *", "Europe/Berlin", "2026-10-24T23:30:00Z", 4),
              ElementsAre("2026-10-25T00:00", "2026-10-25T01:00",
                          "2026-10-25T02:00", "2026-10-25T03:00"));
}

TEST(cron, gives_nothing_for_a_day_that_never_comes) {
  for (const auto* expression : {"0 0 30 2 *", "* * 30-31 feb *",
                                 "0 0 31 4,6,9,11 *", "*/5 * 31 jun */2"})
    for (const auto* zone : {"UTC", "Europe/Berlin", "Africa/Casablanca"})
      EXPECT_FALSE(parsed(expression, zone).next(at("2026-07-01T00:00:00Z")))
          << expression;
}

TEST(cron, a_day_that_comes_at_all_comes_within_the_time_it_looks_ahead) {
  // All 400 years of the Gregorian calendar, from the first second behind each.
  const auto sundays = parsed("0 0 29 2 */7", "UTC");
  auto now = at("2000-01-01T00:00:00Z");
  std::size_t count = 0;
  while (now < at("2400-01-01T00:00:00Z")) {
    const auto tick = sundays.next(now);
    ASSERT_TRUE(tick) << shown(now);
    now = *tick;
    ++count;
  }
  EXPECT_EQ(count, 14u); // the last of them in the next cycle
}

TEST(cron, a_copy_is_the_same) {
  const auto copy = cron_schedule{parsed("0 8 * * *", "Europe/Berlin")};
  EXPECT_EQ(shown(copy.next(at("2026-07-15T00:00:00Z"))),
            "2026-07-15T06:00:00.000Z");
}

TEST(cron, names_a_zone_that_it_does_not_know) {
  const auto result = cron_schedule::parse("0 0 * * *", "Europe/Berln");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().offset, 0u);
  EXPECT_EQ(result.error().message, "Europe/Berln is not a time zone");
  EXPECT_EQ(result.error().hint, "did you mean Europe/Berlin?");
}

} // namespace mfo::taskflow
