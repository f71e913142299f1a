#pragma once

#include "core/circuit_breaker.hpp"
#include "http/admin.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace mfo::node {

/// Notes since when each health check fails, and since when each circuit is as
/// it is. What changes and changes back between two looks is not seen.
/// Thread-safe.
class since_watch {
public:
  using unix_ms = std::chrono::milliseconds; ///< since 1970

  struct circuit {
    std::string server;
    core::breaker_state state;
  };

  /// To be called every second or so, by one thread.
  void look(const std::vector<http::health_check>& checks,
            const std::vector<circuit>& circuits, unix_ms now);

  /// `now`, where it was good at the last look.
  [[nodiscard]] unix_ms failing_since(const std::string& check,
                                      unix_ms now) const;

  /// `now`, where it was another one at the last look.
  [[nodiscard]] unix_ms circuit_since(const circuit& one, unix_ms now) const;

private:
  mutable std::mutex mutex_;
  std::map<std::string, unix_ms> failing_; ///< guarded by mutex_, as the next
  std::map<std::string, std::pair<core::breaker_state, unix_ms>> circuits_;
};

} // namespace mfo::node
