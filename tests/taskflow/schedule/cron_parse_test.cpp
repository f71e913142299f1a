#include "taskflow/schedule/cron_parse.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace mfo::taskflow {

namespace {

using testing::HasSubstr;

cron_fields parsed(std::string_view text) {
  const auto fields = parse_cron(text);
  if (fields)
    return *fields;
  ADD_FAILURE() << text << ": " << fields.error().message;
  return {};
}

cron_schedule::problem problem_of(std::string_view text) {
  const auto fields = parse_cron(text);
  if (!fields)
    return fields.error();
  ADD_FAILURE() << text << " is good";
  return {};
}

std::uint64_t bits(std::initializer_list<unsigned> values) {
  std::uint64_t all = 0;
  for (const auto value : values)
    all |= std::uint64_t{1} << value;
  return all;
}

} // namespace

TEST(cron_parse, reads_each_field) {
  const auto fields = parsed("1,59 0-2 31 feb 7");
  EXPECT_EQ(fields.minutes, bits({1, 59}));
  EXPECT_EQ(fields.hours, bits({0, 1, 2}));
  EXPECT_EQ(fields.days, bits({31}));
  EXPECT_EQ(fields.months, bits({2}));
  EXPECT_EQ(fields.weekdays, bits({0}));
}

TEST(cron_parse, a_star_is_all_that_the_field_has) {
  const auto fields = parsed("* * * * *");
  EXPECT_EQ(fields.minutes, (std::uint64_t{1} << 60) - 1);
  EXPECT_EQ(fields.hours, (1u << 24) - 1);
  EXPECT_EQ(fields.days, (std::uint64_t{1} << 32) - 2);
  EXPECT_EQ(fields.months, (1u << 13) - 2);
  EXPECT_EQ(fields.weekdays, (1u << 7) - 1);
}

TEST(cron_parse, the_week_has_one_sunday) {
  EXPECT_EQ(parsed("0 0 * * 0-7").weekdays, bits({0, 1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(parsed("0 0 * * 1/2").weekdays, bits({1, 3, 5}));
  EXPECT_EQ(parsed("0 0 * * */3").weekdays, bits({0, 3, 6}));
  EXPECT_EQ(parsed("0 0 * * 7/3").weekdays, bits({0, 3, 6}));
  EXPECT_EQ(parsed("0 0 * * 3-7/2").weekdays, bits({0, 3, 5}));
  EXPECT_EQ(parsed("0 0 * * sat-sun").weekdays, bits({0, 6}));
  EXPECT_EQ(parsed("0 0 * * sun-mon").weekdays, bits({0, 1}));
  EXPECT_EQ(parsed("0 0 * * 7-1").weekdays, bits({0, 1}));
  EXPECT_EQ(parsed("0 0 * * 7-7").weekdays, bits({0}));
  EXPECT_EQ(parsed("0 0 * * sun-sun").weekdays, bits({0}));
}

TEST(cron_parse, a_day_field_is_restricted_unless_it_has_a_star) {
  EXPECT_TRUE(parsed("0 0 1 * 1").either_day);
  EXPECT_TRUE(parsed("0 0 1-31 * 0-6").either_day);
  for (const auto* text : {"0 0 1 * *", "0 0 * * 1", "0 0 * * *", "0 0 */2 * 1",
                           "0 0 1 * */2", "0 0 1,*/7 * 1"})
    EXPECT_FALSE(parsed(text).either_day) << text;
}

TEST(cron_parse, every_reading_counts_where_hour_or_minute_has_a_star) {
  for (const auto* text :
       {"* 2 * * *", "*/5 2 * * *", "0 * * * *", "0 */3 * * *", "@hourly"})
    EXPECT_TRUE(parsed(text).every_reading) << text;
  for (const auto* text :
       {"0 2 * * *", "0-59 0-23 * * *", "0/5 2 * * *", "@daily"})
    EXPECT_FALSE(parsed(text).every_reading) << text;
}

TEST(cron_parse, blanks_may_be_tabs_and_stand_around) {
  EXPECT_EQ(parsed(" \t5  4\t* * *  ").minutes, bits({5}));
}

TEST(cron_parse, says_what_is_wrong_and_where) {
  const std::vector<std::tuple<std::string, std::size_t, std::string>> table{
      {"60 * * * *", 0, "minute: 60 is more than 59"},
      {"* 24 * * *", 2, "hour: 24 is more than 23"},
      {"* * 0 * *", 4, "day of month: 0 is less than 1"},
      {"* * 1,32 * *", 6, "day of month: 32 is more than 31"},
      {"* * *  13 *", 7, "month: 13 is more than 12"},
      {"* * * 0 *", 6, "month: 0 is less than 1"},
      {"* * * * 8", 8, "day of week: 8 is more than 7"},
      {"* * * * 1-9", 10, "day of week: 9 is more than 7"},
      {"12345678901 * * * *", 0, "minute: this number is more than 59"},
      {"4294967296 * * * *", 0, "minute: 4294967296 is more than 59"},
      {"30-10 * * * *", 0, "minute: 30-10 runs backwards"},
      {"* * * oct-feb *", 6, "month: oct-feb runs backwards"},
      {"* * * * 5-mon", 8, "day of week: 5-mon runs backwards"},
      {"*/0 * * * *", 2, "minute: the step 0 is less than 1"},
      {"*/90 * * * *", 2, "minute: the step 90 is more than 59"},
      {"*/ * * * *", 2, "minute: a number is missing after the /"},
      {"1, * * * *", 2, "minute: a value is missing"},
      {"1,,2 * * * *", 2, "minute: a value is missing"},
      {"1- * * * *", 2, "minute: a value is missing"},
      {"-5 * * * *", 0, "minute: a value is missing"},
      {"* * * janu *", 6, "month: janu is not known here"},
      {"* * * mon *", 6, "month: mon is not known here"},
      {"* * * * jan", 8, "day of week: jan is not known here"},
      {"mon * * * *", 0, "minute: mon is not known here"},
      {"* * L * *", 4, "day of month: L is not known here"},
      {"* * ? * *", 4, "day of month: ? is not known here"},
      {"* * * * 5#3", 9,
       "day of week: this is more than a value, a range or a step"},
      {"* * 15W * *", 6,
       "day of month: this is more than a value, a range or a step"},
      {"*5 * * * *", 1, "minute: this is more than a value, a range or a step"},
      {"1-2-3 * * * *", 3,
       "minute: this is more than a value, a range or a step"},
      {"*-5 * * * *", 1,
       "minute: this is more than a value, a range or a step"},
      {"", 0, "the schedule is empty"},
      {"  ", 0, "the schedule is empty"},
      {"* * * *", 7, "the day of week is missing"},
      {"5", 1, "the hour is missing"},
      {"0 0 12 * * *", 11, "this is a sixth field"},
      {"* * * *\n*", 7, "month: this is more than a value, a range or a step"},
      {"@dayly", 0, "this is not a short form"},
      {"@reboot", 0, "this is not a short form"},
      {"@daily 5", 7, "nothing may follow a short form"},
      {std::string(1025, '*'), 1024, "the schedule is longer than 1 KiB"},
  };
  for (const auto& [text, offset, message] : table) {
    const auto problem = problem_of(text);
    EXPECT_EQ(problem.offset, offset) << text;
    EXPECT_EQ(problem.message, message) << text;
  }
}

TEST(cron_parse, says_what_is_allowed) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"60 * * * *", "allowed are 0 to 59"},
      {"* * * 13 *", "allowed are 1 to 12 and jan to dec"},
      {"* * * * 8", "allowed are 0 to 7 and sun to sat"},
      {"* * * * funday", "allowed are 0 to 7 and sun to sat"},
      {"* * * January *", "did you mean jan?"},
      {"* * * * monday", "did you mean mon?"},
      {"30-10 * * * *", "write 30-59,0-10"},
      {"* * * oct-feb *", "write 10-12,1-2"},
      {"* * * * fri-mon", "write 5-6,0-1"},
      {"*/90 * * * *", "a step is 1 to 59"},
      {"* */24 * * *", "a step is 1 to 23"},
      {"* * ? * *", "write *"},
      {"* * * *", "there are five fields: minute, hour, day of month, month, "
                  "day of week"},
      {"@dayly", "did you mean @daily?"},
      {"@fortnightly", "there are @hourly, @daily, @midnight, @weekly, "
                       "@monthly, @yearly, @annually"},
      {"@daily 5", "write @daily alone"},
  };
  for (const auto& [text, hint] : table)
    EXPECT_EQ(problem_of(text).hint, hint) << text;
}

} // namespace mfo::taskflow
