#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace mfo::config {

/// What the runs of all the workflows of a node share.
struct taskflow_settings {
  /// Name of the server that tasks call, and that events of a trigger which
  /// names none are for.
  std::string server;
  /// How long a run may take for which nobody waits, unless its taskflow says.
  std::chrono::milliseconds timeout{std::chrono::hours{1}};
  std::size_t max_runs = 1024; ///< under way at a time
  std::size_t keep_runs = 100; ///< that have ended, to be looked at
  // Of one run:
  std::size_t max_tasks = 100'000;
  std::size_t max_iterations = 10'000; ///< of one loop or for_each
  std::size_t max_depth = 16;          ///< of blocks and subflows in another
  std::size_t max_output = 8 * 1024 * 1024; ///< bytes of all results

  friend bool operator==(const taskflow_settings&,
                         const taskflow_settings&) = default;
};

} // namespace mfo::config
