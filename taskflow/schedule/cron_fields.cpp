#include "taskflow/schedule/cron_fields.hpp"

#include <bit>

namespace mfo::taskflow {

namespace {

namespace chrono = std::chrono;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::weekday;
using std::chrono::year_month_day;

/// A day that does not come within forty years does not come at all: that is
/// how far 29 February of a given weekday is away across a year like 2100. Any
/// other day and weekday meet within twelve years.
constexpr auto longest_wait = chrono::days{41 * 366};

bool has(std::uint64_t bits, unsigned value) {
  return (bits >> value & 1) != 0;
}

/// The least value of `bits` from `from`, below 64, on.
std::optional<unsigned> first_bit(std::uint64_t bits, unsigned from) {
  const auto rest = bits >> from;
  if (rest == 0)
    return std::nullopt;
  return from + static_cast<unsigned>(std::countr_zero(rest));
}

bool wants_day(const cron_fields& fields, const year_month_day& date,
               weekday day_of_week) {
  const bool day = has(fields.days, static_cast<unsigned>(date.day()));
  const bool of_week = has(fields.weekdays, day_of_week.c_encoding());
  return fields.either_day ? day || of_week : day && of_week;
}

/// The first time of a day that is wanted, from `from` after midnight on.
std::optional<chrono::minutes> wanted_time(const cron_fields& fields,
                                           chrono::minutes from) {
  const auto from_hour = static_cast<unsigned>(from / hours{1});
  const auto from_minute = static_cast<unsigned>((from % hours{1}).count());
  if (has(fields.hours, from_hour))
    if (const auto minute = first_bit(fields.minutes, from_minute))
      return hours{from_hour} + chrono::minutes{*minute};
  const auto hour = first_bit(fields.hours, from_hour + 1);
  const auto minute = first_bit(fields.minutes, 0);
  if (!hour || !minute)
    return std::nullopt;
  return hours{*hour} + chrono::minutes{*minute};
}

} // namespace

std::optional<local_minutes> cron_fields::first_from(local_minutes from) const {
  auto day = floor<chrono::days>(from);
  auto time = from - day;
  const auto end = day + longest_wait;
  while (day < end) {
    const year_month_day date{day};
    if (!has(months, static_cast<unsigned>(date.month()))) {
      const auto next_month = date.year() / date.month() + chrono::months{1};
      day = local_days{next_month / 1};
      time = chrono::minutes{0};
      continue;
    }
    if (wants_day(*this, date, weekday{day}))
      if (const auto wanted = wanted_time(*this, time))
        return day + *wanted;
    day += chrono::days{1};
    time = chrono::minutes{0};
  }
  return std::nullopt;
}

} // namespace mfo::taskflow
