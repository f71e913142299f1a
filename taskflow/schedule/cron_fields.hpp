#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace mfo::taskflow {

using local_minutes = std::chrono::local_time<std::chrono::minutes>;

/// The readings of a wall clock that a schedule wants, without a zone: what the
/// five fields of cron.hpp say. Bit n stands for the value n.
struct cron_fields {
  std::uint64_t minutes = 0;  ///< 0 to 59
  std::uint64_t hours = 0;    ///< 0 to 23
  std::uint64_t days = 0;     ///< 1 to 31
  std::uint64_t months = 0;   ///< 1 to 12
  std::uint64_t weekdays = 0; ///< 0, Sunday, to 6
  bool either_day = false;    ///< a day that `days` or `weekdays` has is enough
  bool every_reading = false; ///< hour or minute is `*` or a step of it

  /// The first reading that is wanted from `from` on; nothing when there is
  /// none ever.
  [[nodiscard]] std::optional<local_minutes>
  first_from(local_minutes from) const;
};

} // namespace mfo::taskflow
