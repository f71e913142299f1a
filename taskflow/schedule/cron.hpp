#pragma once

#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::taskflow {

/// When a schedule fires: the five fields of POSIX crontab(5) (minute, hour,
/// day of month, month, day of week) with names, ranges, lists and steps, and
/// the short forms @hourly, @daily, @midnight, @weekly, @monthly, @yearly and
/// @annually, in a time zone of the IANA database (time_zone.hpp).
///
/// Where both day fields are restricted either may match, as Debian's
/// crontab(5) has it; a field with a `*` in it, `*/2` too, is not restricted. 7
/// is Sunday like 0. `5/10` goes on to the end of the field, `5-59/10`, which
/// is Saturday in that of the week.
///
/// Daylight saving, as Vixie cron has it: a time that the clocks skip fires at
/// the moment they are put forward, once for all that they skip; a time that
/// comes twice fires the first time only. But where hour or minute is `*` or a
/// step of it, what the wall clock shows fires, each time that it shows it: a
/// time that is skipped does not, one that comes twice does twice.
///
/// Immutable and thread-safe; a copy shares what was parsed.
class cron_schedule {
public:
  using time = std::chrono::sys_seconds;

  struct problem {
    std::size_t offset; ///< into the text, bytes
    std::string message;
    std::string hint; ///< what to do about it, or ""
  };

  /// At most 1 KiB. An unknown time zone is a problem at offset 0 whose message
  /// names the zone.
  static tl::expected<cron_schedule, problem>
  parse(std::string_view expression, std::string_view time_zone = "UTC");

  /// The first tick after `now`, which is of the years 1 to 9999; nothing when
  /// there is none ever (30 February). 29 February is found across 2100, eight
  /// years on, and on a Sunday (`0 0 29 2 */7`) up to forty.
  [[nodiscard]] std::optional<time> next(time now) const;

private:
  struct rules;
  explicit cron_schedule(std::shared_ptr<const rules> parsed);

  std::shared_ptr<const rules> rules_;
};

} // namespace mfo::taskflow
