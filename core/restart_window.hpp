#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>

namespace mfo::core {

/// How often a supervisor may restart a child before it must give up: at most
/// `max_restarts` within `window`, each after a longer wait (the "intensity"
/// and "period" of Erlang/OTP's supervisors, with a back-off that is never
/// longer than the window). Pure: the time is passed in.
class restart_window {
public:
  using clock = std::chrono::steady_clock;

  restart_window(std::size_t max_restarts, clock::duration window,
                 std::chrono::milliseconds first_delay);

  /// Notes a failure at `now`. How long to wait before the restart; nothing
  /// when there were too many: escalate.
  std::optional<std::chrono::milliseconds> on_failure(clock::time_point now);

private:
  std::size_t max_restarts_;
  clock::duration window_;
  std::chrono::milliseconds first_delay_;
  std::deque<clock::time_point> failures_; ///< at most max_restarts_ + 1
};

} // namespace mfo::core
