#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace mfo::node {

/// Calls `expired`, on a thread of its own, unless it is destroyed within
/// `time`.
class watchdog {
public:
  watchdog(std::chrono::milliseconds time, std::function<void()> expired)
    : thread_([this, time, expired = std::move(expired)] {
        std::unique_lock lock{mutex_};
        if (!changed_.wait_for(lock, time, [this] { return called_off_; }))
          expired();
      }) {}

  ~watchdog() {
    {
      const std::lock_guard lock{mutex_};
      called_off_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool called_off_ = false;
  std::thread thread_; ///< last: it uses the others
};

} // namespace mfo::node
