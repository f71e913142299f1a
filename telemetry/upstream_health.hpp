#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace mfo::telemetry {

/// What the last calls say about the MFO server, and what probes say where
/// there are none. Thread-safe.
class upstream_health {
public:
  using clock = std::chrono::steady_clock;

  struct view {
    std::uint64_t consecutive_failures = 0;        ///< of calls
    std::optional<clock::time_point> last_success; ///< of a call or a probe
    std::optional<clock::duration> last_took;      ///< of that
    std::optional<clock::time_point> last_heard;   ///< of any end of any
    std::string last_error;    ///< empty: none since the last success
    bool gone = false;         ///< something of it is retired for good (410)
    bool out_of_reach = false; ///< so the last probe, if nothing came after it
    /// A probe was answered after the last call that failed.
    bool answers_again = false;
  };

  /// A call that took so long.
  void succeeded(clock::time_point now, clock::duration took) {
    const std::lock_guard lock{mutex_};
    note_success(now, took);
    now_.consecutive_failures = 0;
    now_.answers_again = false;
    now_.last_error.clear();
    now_.gone = false;
  }

  void gone(clock::time_point now, std::string error) {
    const std::lock_guard lock{mutex_};
    now_.last_heard = now;
    now_.gone = true;
    now_.last_error = std::move(error);
  }

  void failed(clock::time_point now, std::string error) {
    const std::lock_guard lock{mutex_};
    now_.last_heard = now;
    ++now_.consecutive_failures;
    now_.out_of_reach = false; // which is told by the failures now
    now_.answers_again = false;
    now_.last_error = std::move(error);
  }

  /// A probe was answered. What calls said of it stays said.
  void reached(clock::time_point now, clock::duration took) {
    const std::lock_guard lock{mutex_};
    note_success(now, took);
    now_.answers_again = now_.consecutive_failures > 0;
    if (now_.consecutive_failures == 0 && !now_.gone)
      now_.last_error.clear();
  }

  /// A probe was not answered.
  void not_reached(clock::time_point now, std::string error) {
    const std::lock_guard lock{mutex_};
    now_.last_heard = now;
    now_.out_of_reach = true;
    now_.answers_again = false;
    now_.last_error = std::move(error);
  }

  [[nodiscard]] view look() const {
    const std::lock_guard lock{mutex_};
    return now_;
  }

private:
  void note_success(clock::time_point now, clock::duration took) {
    now_.last_heard = now;
    now_.last_success = now;
    now_.last_took = took;
    now_.out_of_reach = false;
  }

  mutable std::mutex mutex_;
  view now_;
};

} // namespace mfo::telemetry
