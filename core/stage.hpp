#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace mfo::core {

/// The actors that an event passes, in order.
enum class stage : std::uint8_t {
  intake,
  validator,
  router,
  task_runner,
  mfo_connector,
};

inline constexpr std::array<std::string_view, 5> stage_names{
    "intake", "validator", "router", "task_runner", "mfo_connector"};

constexpr std::string_view to_string(stage where) noexcept {
  return stage_names[static_cast<std::size_t>(where)];
}

/// How many events wait in or are held by each stage. Thread-safe.
class stage_depths {
public:
  void enter(stage where) noexcept {
    at(where).fetch_add(1, std::memory_order_relaxed);
  }

  void leave(stage where) noexcept {
    at(where).fetch_sub(1, std::memory_order_relaxed);
  }

  [[nodiscard]] std::int64_t depth(stage where) const noexcept {
    return depths_[static_cast<std::size_t>(where)].load(
        std::memory_order_relaxed);
  }

private:
  std::atomic<std::int64_t>& at(stage where) noexcept {
    return depths_[static_cast<std::size_t>(where)];
  }

  std::array<std::atomic<std::int64_t>, stage_names.size()> depths_{};
};

/// Where one event is; takes itself out of the count on destruction, so that
/// the depths are right however the event ends. An event has one owner at any
/// time, and only the owner moves the marker.
class stage_marker {
public:
  stage_marker() = default;

  stage_marker(std::shared_ptr<stage_depths> depths, stage where) noexcept
    : depths_(std::move(depths)), where_(where) {
    if (depths_)
      depths_->enter(where_);
  }

  stage_marker(stage_marker&& other) noexcept
    : depths_(std::move(other.depths_)), where_(other.where()) {}

  stage_marker& operator=(stage_marker&& other) noexcept {
    std::swap(depths_, other.depths_);
    where_ = other.where_.exchange(where_);
    return *this;
  }

  ~stage_marker() {
    if (depths_)
      depths_->leave(where_);
  }

  /// A marker for another event that is here.
  [[nodiscard]] stage_marker beside() const noexcept {
    return {depths_, where()};
  }

  /// Call before handing the event over.
  void move_to(stage next) noexcept {
    const auto last = where_.exchange(next, std::memory_order_relaxed);
    if (depths_) {
      depths_->leave(last);
      depths_->enter(next);
    }
  }

  /// May be asked from any thread, for the log.
  [[nodiscard]] stage where() const noexcept {
    return where_.load(std::memory_order_relaxed);
  }

private:
  std::shared_ptr<stage_depths> depths_;
  std::atomic<stage> where_{stage::intake};
};

} // namespace mfo::core
