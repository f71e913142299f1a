#pragma once

#include <tl/expected.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace date {
class time_zone;
}

namespace mfo::taskflow {

/// A time zone of the IANA database (https://www.iana.org/time-zones) as the
/// system has it: Debian's package tzdata, which must be installed where the
/// program runs, but for UTC. It is read once in the life of the process;
/// nothing is downloaded.
///
/// How far into the future its shifts are known is the system's choice; in
/// Debian that is 2037, and the last offset goes on from there.
///
/// Immutable and thread-safe.
class time_zone {
public:
  struct problem {
    std::string message; ///< names the zone
    std::string hint;    ///< e.g. the zone that was probably meant, or ""
  };

  /// `Europe/Berlin`, as the database spells it.
  static tl::expected<time_zone, problem> named(std::string_view name);

  /// A time without shifts.
  struct span {
    std::chrono::sys_seconds begin;
    std::chrono::sys_seconds end;  ///< the first moment after it
    std::chrono::seconds offset{}; ///< of the wall clock to UTC

    [[nodiscard]] std::chrono::local_seconds
    to_local(std::chrono::sys_seconds at) const {
      return std::chrono::local_seconds{at.time_since_epoch() + offset};
    }

    [[nodiscard]] std::chrono::sys_seconds
    to_sys(std::chrono::local_seconds at) const {
      return std::chrono::sys_seconds{at.time_since_epoch() - offset};
    }
  };

  /// The one around `at`.
  [[nodiscard]] span around(std::chrono::sys_seconds at) const;

private:
  explicit time_zone(const date::time_zone* zone);

  const date::time_zone* zone_; ///< the database's own; null: UTC
};

} // namespace mfo::taskflow
