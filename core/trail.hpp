#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace mfo::core {

/// What is to be done with an event, by name.
struct destinations {
  std::string server;                  ///< it is forwarded to; empty: to none
  std::vector<std::string> triggers{}; ///< that it starts: "workflow/trigger"
};

using destinations_ptr = std::shared_ptr<const destinations>;

/// A node of the cluster that was given an event to run.
struct placing {
  std::string node;
  std::chrono::steady_clock::time_point at;
};

/// What was decided on the way of one event, for who asks later. Thread-safe.
class trail {
public:
  /// Of an event that nodes hand on and on, the first are known.
  static constexpr std::size_t most_placings = 8;

  struct decisions {
    std::string from;    ///< the node that gave it to this one; empty: none did
    destinations_ptr to; ///< null: it has not been routed
    std::vector<placing> placings;
  };

  trail() = default;

  // Of one that nobody else has yet.
  trail(trail&& other) noexcept : now_(std::move(other.now_)) {}

  trail& operator=(trail&& other) noexcept {
    now_ = std::move(other.now_);
    return *this;
  }

  ~trail() = default;

  /// The node gave it to this one, or this one has taken it over.
  void came_from(std::string node) noexcept {
    const std::lock_guard lock{mutex_};
    now_.from = std::move(node);
  }

  void routed(destinations_ptr to) noexcept {
    const std::lock_guard lock{mutex_};
    now_.to = std::move(to);
  }

  void placed(std::string node, std::chrono::steady_clock::time_point at) {
    const std::lock_guard lock{mutex_};
    if (now_.placings.size() < most_placings)
      now_.placings.push_back({std::move(node), at});
  }

  [[nodiscard]] decisions look() const {
    const std::lock_guard lock{mutex_};
    return now_;
  }

private:
  mutable std::mutex mutex_;
  decisions now_; ///< guarded by mutex_
};

} // namespace mfo::core
