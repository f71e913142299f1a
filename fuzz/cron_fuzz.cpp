// Cron expressions: what is refused says where, what is read has ticks that go
// forward, each on a whole minute, and no moment between two of them has
// others.

#include "fuzz/target.hpp"
#include "taskflow/schedule/cron.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace mfo::fuzz {

namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using taskflow::cron_schedule;

/// Where clocks move by an hour, by half of one, never, and skipped a day.
constexpr std::array<std::string_view, 4> zones{
    "UTC", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia"};

/// Ordinary, before shifts of the clock, and before a year that does not leap.
constexpr std::array<cron_schedule::time, 4> moments{
    sys_days{2026y / 7 / 1} + 12h + 34min + 56s,
    sys_days{2026y / 3 / 28} + 23h,
    sys_days{2011y / 12 / 29} + 9h,
    sys_days{2096y / 2 / 29} + 23h + 59min,
};

void follow(const cron_schedule& schedule, cron_schedule::time now) {
  for (int i = 0; i < 5; ++i) {
    const auto tick = schedule.next(now);
    require(tick.has_value() || i == 0);
    if (!tick)
      return;
    require(*tick > now && tick->time_since_epoch() % 1min == 0s);
    require(schedule.next(now + (*tick - now) / 2) == tick);
    require(schedule.next(*tick - 1s) == tick);
    now = *tick;
  }
}

} // namespace

void run(std::string_view input) {
  for (const auto zone : zones) {
    const auto schedule = cron_schedule::parse(input, zone);
    if (!schedule) {
      require(schedule.error().offset <= input.size());
      require(!schedule.error().message.empty());
      return;
    }
    for (const auto now : moments)
      follow(*schedule, now);
  }
}

} // namespace mfo::fuzz
