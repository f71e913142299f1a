#pragma once

#include "taskflow/schedule/cron.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace mfo::taskflow {

/// Which of several schedules fire as time goes by. A tick that was missed,
/// as the clock was put forward or the process stood still, is not made up for;
/// none fires twice, be the clock put back.
///
/// Not thread-safe. Pure: the time is passed in.
class ticker {
public:
  using time = cron_schedule::time;

  /// A tick may be noticed this much late.
  static constexpr std::chrono::seconds grace{60};

  ticker(std::vector<cron_schedule> schedules, time now);

  struct tick {
    std::size_t schedule; ///< index
    time at;
  };

  /// What has fired since it was asked last, in the order of the schedules.
  [[nodiscard]] std::vector<tick> advance(time now);

  /// When something fires next; nothing when nothing ever does.
  [[nodiscard]] std::optional<time> next() const;

  /// Ticks that were not fired for being late.
  [[nodiscard]] std::size_t missed() const noexcept {
    return missed_;
  }

private:
  struct entry {
    cron_schedule schedule;
    std::optional<time> next;
    time last; ///< fired, or passed over
  };

  std::vector<entry> entries_;
  time now_;
  std::size_t missed_ = 0;
};

} // namespace mfo::taskflow
