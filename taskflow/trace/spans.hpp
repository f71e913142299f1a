#pragma once

#include "taskflow/run/run.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::taskflow {

/// A run, as far as it has come, for the writers of traces.
struct traced_run {
  std::string_view workflow; ///< its name
  std::string_view taskflow; ///< its id
  run::clock::time_point began;
  run::clock::time_point ended;        ///< or now
  std::optional<task_outcome> outcome; ///< none: it is under way
  std::span<const task_moment>
      moments{}; ///< in the order in which they were told
};

/// One task from its beginning to its end.
struct task_span {
  const task_moment* last = nullptr; ///< its end; else the last that was told
  run::clock::time_point began;
  run::clock::time_point ended; ///< that of the run, if it has not ended
  /// Which moments these were; what happens at one time still has an order. Of
  /// one that has not ended, how many moments there are.
  std::size_t first = 0;
  std::size_t until = 0;
  bool has_begun = false; ///< else it was passed over, at `ended`
  bool has_ended = false;
  std::optional<std::size_t> parent; ///< the task in whose block it is
  std::vector<run::clock::time_point> tries{}; ///< all but the first
};

/// In the order in which they began or, of those that never did, ended. A child
/// comes after its parent and is no longer than it. Views into `of.moments`.
[[nodiscard]] std::vector<task_span> spans_of(const traced_run& of);

} // namespace mfo::taskflow
