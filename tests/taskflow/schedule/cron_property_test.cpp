// `next` against a clock that is looked at each minute, for random schedules.

#include "taskflow/schedule/cron.hpp"
#include "taskflow/schedule/time_zone.hpp"
#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>

namespace mfo::taskflow {

namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::minutes;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

/// A field as text and, made beside it, as what it means.
struct field {
  std::string text;
  std::set<int> values;
  bool has_star = false;
};

void add_item(field& to, std::mt19937& random, int min, int max) {
  const auto chance = test::uniform(random);
  const auto step = test::between(random, 1, std::max(2, max / 3));
  auto first = test::between(random, min, max);
  auto last = test::between(random, first, max);
  auto by = step;
  if (!to.text.empty())
    to.text += ',';
  if (chance < 0.2) {
    to.text += "*/" + std::to_string(step);
    to.has_star = true;
    first = min;
    last = max;
  } else if (chance < 0.6) {
    to.text += std::to_string(first);
    last = first;
  } else {
    to.text += std::to_string(first) + '-' + std::to_string(last);
    if (chance < 0.8)
      to.text += '/' + std::to_string(step);
    else
      by = 1;
  }
  for (auto value = first; value <= last; value += by)
    to.values.insert(value);
}

field random_field(std::mt19937& random, int min, int max, double any) {
  field made;
  if (test::uniform(random) < any) {
    made.text = "*";
    made.has_star = true;
    for (auto value = min; value <= max; ++value)
      made.values.insert(value);
    return made;
  }
  for (auto items = test::between(random, 1, 3); items > 0; --items)
    add_item(made, random, min, max);
  return made;
}

field early_hour(std::mt19937& random) {
  const auto hour = test::between(random, 0, 3);
  return {std::to_string(hour), {hour}, false};
}

struct random_schedule {
  field minute, hour, day, month, weekday;

  explicit random_schedule(std::mt19937& random)
    : minute(random_field(random, 0, 59, 0.2)),
      // Most of them at hours at which clocks are put forward and back.
      hour(test::uniform(random) < 0.6 ? early_hour(random)
                                       : random_field(random, 0, 23, 0.4)),
      day(random_field(random, 1, 31, 0.7)),
      month(random_field(random, 1, 12, 0.8)),
      weekday(random_field(random, 0, 6, 0.7)) {}

  [[nodiscard]] std::string text() const {
    return minute.text + ' ' + hour.text + ' ' + day.text + ' ' + month.text +
           ' ' + weekday.text;
  }

  [[nodiscard]] bool wants(std::chrono::local_seconds reading) const {
    const auto date = floor<days>(reading);
    const std::chrono::year_month_day ymd{date};
    const auto time = static_cast<int>((reading - date) / 1min);
    const auto is_in = [](const field& in, unsigned value) {
      return in.values.contains(static_cast<int>(value));
    };
    const bool on_day = is_in(day, unsigned{ymd.day()});
    const bool on_weekday =
        is_in(weekday, std::chrono::weekday{date}.c_encoding());
    return minute.values.contains(time % 60) &&
           hour.values.contains(time / 60) &&
           is_in(month, unsigned{ymd.month()}) &&
           (day.has_star || weekday.has_star ? on_day && on_weekday
                                             : on_day || on_weekday);
  }

  [[nodiscard]] bool is_starred() const {
    return minute.has_star || hour.has_star;
  }
};

/// Looks at the clock each minute, from so far before `now` that its latest
/// reading is known by then, until `end`.
std::optional<sys_seconds> slow_next(const random_schedule& schedule,
                                     const time_zone& zone, sys_seconds now,
                                     sys_seconds end) {
  auto at = floor<minutes>(now) - 49h;
  auto span = zone.around(at);
  auto latest = span.to_local(at);
  for (; at < end; at += 1min) {
    if (at >= span.end)
      span = zone.around(at);
    const auto reading = span.to_local(at);
    bool fires = false;
    if (schedule.is_starred()) {
      fires = schedule.wants(reading);
    } else {
      for (; latest < reading; latest += 1min)
        fires = schedule.wants(latest + 1min) || fires;
    }
    if (fires && at > now)
      return at;
  }
  return std::nullopt;
}

/// Where clocks move by an hour, by half of one, twice a year for a month, by
/// a day, and not at all; by whole minutes all of them.
constexpr std::array zones{"UTC",
                           "Europe/Berlin",
                           "America/New_York",
                           "Australia/Lord_Howe",
                           "Asia/Kathmandu",
                           "Africa/Casablanca",
                           "Asia/Beirut",
                           "Pacific/Apia"};

/// Soon before a shift, most of the time.
sys_seconds random_time(const time_zone& zone, std::mt19937& random) {
  const sys_seconds any =
      sys_days{2008y / 1 / 1} +
      std::chrono::seconds{test::between(random, 0, 20 * 365 * 86'400)};
  const auto shift = zone.around(any).end;
  if (test::uniform(random) < 0.2 || shift > sys_days{2037y / 1 / 1})
    return any;
  return shift +
         std::chrono::seconds{test::between(random, -2 * 86'400, 7'200)};
}

} // namespace

TEST(cron_property, next_is_what_looking_at_the_clock_each_minute_finds) {
  const auto seed = test::first_seed();
  SCOPED_TRACE(test::seed_trace(seed));
  std::mt19937 random{seed};
  constexpr auto how_far = 5 * 24h;
  std::size_t found = 0;
  for (int i = 0; i < 240; ++i) {
    const auto* name = zones[static_cast<std::size_t>(i) % zones.size()];
    const auto zone = time_zone::named(name);
    ASSERT_TRUE(zone);
    const random_schedule made(random);
    const auto schedule = cron_schedule::parse(made.text(), name);
    ASSERT_TRUE(schedule) << made.text() << ": " << schedule.error().message;
    const auto now = random_time(*zone, random);
    const auto next = schedule->next(now);
    const auto slow = slow_next(made, *zone, now, now + how_far);
    const auto context = testing::Message()
                         << made.text() << " in " << name << " after "
                         << now.time_since_epoch().count();
    if (slow) {
      ++found;
      ASSERT_TRUE(next) << context;
      ASSERT_EQ(next->time_since_epoch().count(),
                slow->time_since_epoch().count())
          << context;
    } else if (next) {
      ASSERT_GE(*next, now + how_far) << context;
    }
  }
  EXPECT_GT(found, 60u);
}

TEST(cron_property, ticks_go_forward_and_none_is_left_out) {
  const auto seed = test::first_seed();
  SCOPED_TRACE(test::seed_trace(seed));
  std::mt19937 random{seed};
  for (int i = 0; i < 200; ++i) {
    const auto* name = zones[static_cast<std::size_t>(i) % zones.size()];
    const auto zone = time_zone::named(name);
    ASSERT_TRUE(zone);
    const random_schedule made(random);
    const auto schedule = cron_schedule::parse(made.text(), name);
    ASSERT_TRUE(schedule) << made.text();
    const auto now = random_time(*zone, random);
    const auto next = schedule->next(now);
    if (!next)
      continue;
    ASSERT_GT(*next, now) << made.text();
    // From any moment before the tick it is the same tick.
    const auto way = (*next - now).count();
    const auto between =
        now + std::chrono::seconds{test::between<long>(random, 0, way - 1)};
    ASSERT_EQ(schedule->next(between), next)
        << made.text() << " in " << name << " after "
        << between.time_since_epoch().count();
    ASSERT_EQ(schedule->next(*next - 1s), next) << made.text();
  }
}

} // namespace mfo::taskflow
