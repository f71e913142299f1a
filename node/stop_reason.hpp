#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace mfo::node {

/// Why the node stops: given once, by whoever is first, and waited for by the
/// main thread. Thread-safe.
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

  reason wait() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return reason_.has_value(); });
    return *reason_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<reason> reason_;
};

} // namespace mfo::node
