#include "taskflow/schedule/cron.hpp"

#include "taskflow/schedule/cron_parse.hpp"
#include "taskflow/schedule/time_zone.hpp"

#include <algorithm>
#include <utility>

namespace mfo::taskflow {

namespace {

using namespace std::chrono_literals;
using std::chrono::ceil;
using std::chrono::floor;
using std::chrono::minutes;
using std::chrono::sys_seconds;

/// More than the distance of a wall clock to UTC ever was, and of two of its
/// readings at one moment before and after a shift.
constexpr auto longest_shift = 30h;

/// The latest reading that the wall clock has shown until `now`: behind that of
/// `now` when it was put back.
std::chrono::local_seconds latest_reading(const time_zone& zone,
                                          sys_seconds now) {
  auto span = zone.around(now);
  auto latest = span.to_local(now);
  while (span.begin > now - longest_shift) {
    const auto last = span.begin - 1s;
    span = zone.around(last);
    latest = std::max(latest, span.to_local(last));
  }
  return latest;
}

/// Each wanted reading once: at the first moment that the clock shows it or a
/// later one. That holds whether it skips the reading or comes to it twice.
std::optional<sys_seconds> next_of_each(const cron_fields& fields,
                                        const time_zone& zone,
                                        sys_seconds now) {
  const auto reading =
      fields.first_from(floor<minutes>(latest_reading(zone, now)) + 1min);
  if (!reading)
    return std::nullopt;
  const auto earliest =
      sys_seconds{reading->time_since_epoch()} - longest_shift;
  auto at = std::max(now + 1s, earliest);
  for (;;) {
    const auto span = zone.around(at);
    const auto tick = std::max(at, span.to_sys(*reading));
    if (tick < span.end)
      return tick;
    at = span.end;
  }
}

/// Whenever the clock shows a wanted reading.
std::optional<sys_seconds> next_of_every(const cron_fields& fields,
                                         const time_zone& zone,
                                         sys_seconds now) {
  auto span = zone.around(now + 1s);
  auto searched_from = ceil<minutes>(span.to_local(now + 1s));
  auto reading = fields.first_from(searched_from);
  while (reading) {
    const auto tick = span.to_sys(*reading);
    if (tick < span.end)
      return tick;
    span = zone.around(span.end);
    const auto from = ceil<minutes>(span.to_local(span.begin));
    // Most often the clock does not even come near the reading before the next
    // shift, and it remains the next.
    if (from < searched_from || from > *reading) {
      searched_from = from;
      reading = fields.first_from(from);
    }
  }
  return std::nullopt;
}

} // namespace

struct cron_schedule::rules {
  cron_fields fields;
  time_zone zone;
};

cron_schedule::cron_schedule(std::shared_ptr<const rules> parsed)
  : rules_(std::move(parsed)) {}

tl::expected<cron_schedule, cron_schedule::problem>
cron_schedule::parse(std::string_view expression, std::string_view time_zone) {
  auto fields = parse_cron(expression);
  if (!fields)
    return tl::unexpected(std::move(fields.error()));
  auto zone = taskflow::time_zone::named(time_zone);
  if (!zone)
    return tl::unexpected(problem{0, std::move(zone.error().message),
                                  std::move(zone.error().hint)});
  return cron_schedule(std::make_shared<const rules>(rules{*fields, *zone}));
}

std::optional<cron_schedule::time> cron_schedule::next(time now) const {
  const auto& [fields, zone] = *rules_;
  return fields.every_reading ? next_of_every(fields, zone, now)
                              : next_of_each(fields, zone, now);
}

} // namespace mfo::taskflow
