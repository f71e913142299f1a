#pragma once

#include "http/reload_control.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mfo::node {

/// What the main thread waits for: why the node stops, given once, by whoever
/// is first; and, until then, to be told to read files again, or to take no
/// more work. Thread-safe.
class stop_reason {
public:
  struct reason {
    std::string why;
    bool failed = false; ///< the node did not stop because it was told to
  };

  void give(reason given) {
    const std::lock_guard lock{mutex_};
    if (reason_)
      return;
    reason_ = std::move(given);
    changed_.notify_all();
  }

  /// For whom the configuration is read again.
  struct reload_request {
    std::string reason;
    /// Told what has come of it, on the main thread, or within `ask_reload`
    /// once there is a reason to stop; may be empty.
    std::function<void(const http::reload_report&)> done{};
    /// Nobody is told that it fails again for the same reasons.
    bool quiet = false;
  };

  void ask_reload(reload_request what) {
    {
      const std::lock_guard lock{mutex_};
      if (!reason_) {
        reloads_.push_back(std::move(what));
        changed_.notify_all();
        return;
      }
    }
    // The main thread drains, and would not answer for as long as that takes.
    if (what.done)
      what.done({.stopping = true});
  }

  void ask_drain() {
    const std::lock_guard lock{mutex_};
    drain_ = true;
    changed_.notify_all();
  }

  struct turn {
    std::optional<reason> stop;
    std::vector<reload_request> reloads{}; ///< asked for since the last turn
    bool drain = false;                    ///< likewise
  };

  /// Until there is something to do, or `longest` has passed.
  turn wait_for(std::chrono::milliseconds longest) {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, longest, [this] {
      return reason_ || !reloads_.empty() || drain_;
    });
    return {reason_, std::exchange(reloads_, {}), std::exchange(drain_, false)};
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<reason> reason_;
  std::vector<reload_request> reloads_;
  bool drain_ = false;
};

} // namespace mfo::node
