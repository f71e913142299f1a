#include "taskflow/schedule/time_zone.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mfo::taskflow {

namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using testing::HasSubstr;

constexpr auto july = sys_seconds{sys_days{2026y / 7 / 1}};

time_zone::problem zone_problem(std::string_view name) {
  const auto zone = time_zone::named(name);
  if (!zone)
    return zone.error();
  ADD_FAILURE() << name << " is a zone";
  return {};
}

} // namespace

TEST(time_zone, utc_never_shifts) {
  const auto utc = time_zone::named("UTC");
  ASSERT_TRUE(utc);
  const auto span = utc->around(july);
  EXPECT_EQ(span.offset, 0s);
  EXPECT_LT(span.begin, july - 1'000'000h);
  EXPECT_GT(span.end, july + 1'000'000h);
}

TEST(time_zone, knows_its_shifts) {
  const auto berlin = time_zone::named("Europe/Berlin");
  ASSERT_TRUE(berlin);
  const auto summer = berlin->around(july);
  EXPECT_EQ(summer.begin, sys_days{2026y / 3 / 29} + 1h);
  EXPECT_EQ(summer.end, sys_days{2026y / 10 / 25} + 1h);
  EXPECT_EQ(summer.offset, 2h);
  EXPECT_EQ(summer.to_sys(summer.to_local(july)), july);
  EXPECT_EQ(summer.to_local(july).time_since_epoch() - july.time_since_epoch(),
            2h);
  const auto winter = berlin->around(summer.end);
  EXPECT_EQ(winter.begin, summer.end);
  EXPECT_EQ(winter.offset, 1h);
}

TEST(time_zone, knows_zones_by_their_other_names) {
  const auto calcutta = time_zone::named("Asia/Calcutta");
  ASSERT_TRUE(calcutta);
  EXPECT_EQ(calcutta->around(july).offset, 5h + 30min);
}

TEST(time_zone, hints_at_the_zone_that_was_meant) {
  EXPECT_EQ(zone_problem("europe/berlin").hint, "did you mean Europe/Berlin?");
  EXPECT_EQ(zone_problem("Europe/Berln").hint, "did you mean Europe/Berlin?");
  EXPECT_EQ(zone_problem("new_york").hint, "did you mean America/New_York?");
  EXPECT_EQ(zone_problem("utc").hint, "did you mean UTC?");
  EXPECT_EQ(zone_problem("PST").hint,
            "name a zone of the IANA database, as in Europe/Berlin");
}

TEST(time_zone, names_are_names_and_not_paths) {
  for (const auto* name :
       {"", "localtime", "/etc/localtime", "../zoneinfo/Europe/Berlin",
        "Europe/../Europe/Berlin", "posix/Europe/Berlin", "zone.tab", "Europe",
        "UTC ", "TZif"})
    EXPECT_FALSE(time_zone::named(name)) << name;
}

TEST(time_zone, repeats_no_text_that_cannot_be_a_name) {
  EXPECT_EQ(zone_problem("Mars/Olympus").message,
            "Mars/Olympus is not a time zone");
  EXPECT_EQ(zone_problem("").message, "this is not a time zone");
  EXPECT_EQ(zone_problem("a\nb").message, "this is not a time zone");
  EXPECT_EQ(zone_problem(std::string(65, 'a')).message,
            "this is not a time zone");
}

} // namespace mfo::taskflow
