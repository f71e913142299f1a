#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace mfo::telemetry {

/// What the last calls say about the MFO server. Thread-safe.
class upstream_health {
public:
  using clock = std::chrono::steady_clock;

  struct view {
    std::uint64_t consecutive_failures = 0;
    std::optional<clock::time_point> last_success;
    std::string last_error; ///< empty: none since the last success
    bool gone = false;      ///< something of it is retired for good (410)
  };

  void succeeded(clock::time_point now) {
    const std::lock_guard lock{mutex_};
    now_.consecutive_failures = 0;
    now_.last_success = now;
    now_.last_error.clear();
    now_.gone = false;
  }

  void gone(std::string error) {
    const std::lock_guard lock{mutex_};
    now_.gone = true;
    now_.last_error = std::move(error);
  }

  void failed(std::string error) {
    const std::lock_guard lock{mutex_};
    ++now_.consecutive_failures;
    now_.last_error = std::move(error);
  }

  [[nodiscard]] view look() const {
    const std::lock_guard lock{mutex_};
    return now_;
  }

private:
  mutable std::mutex mutex_;
  view now_;
};

} // namespace mfo::telemetry
