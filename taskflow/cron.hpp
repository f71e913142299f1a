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
/// @annually, in a time zone of the IANA database.
///
/// Where both day fields are restricted either may match, as crontab(5) has it;
/// 7 is Sunday like 0.
///
/// Daylight saving, as Vixie cron has it: a time that the clocks skip fires at
/// the moment they are put forward; a time that comes twice fires the first
/// time only, unless hour or minute is `*` or a step of it, in which case every
/// tick of the wall clock fires.
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

  /// An unknown time zone is a problem at offset 0 whose message names the
  /// zone.
  static tl::expected<cron_schedule, problem>
  parse(std::string_view expression, std::string_view time_zone = "UTC");

  /// The first tick after `now`; nothing when there is none within five years
  /// (30 February).
  [[nodiscard]] std::optional<time> next(time now) const;

private:
  struct rules;
  explicit cron_schedule(std::shared_ptr<const rules> rules);

  std::shared_ptr<const rules> rules_;
};

} // namespace mfo::taskflow
