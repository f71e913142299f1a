#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
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

/// Where one event is, and when it came where it has been; takes itself out of
/// the count on destruction, so that the depths are right however the event
/// ends. An event has one owner at any time, and only the owner moves the
/// marker. What is asked may be asked from any thread.
class stage_marker {
public:
  using time_point = std::chrono::steady_clock::time_point;

  stage_marker() = default;

  stage_marker(std::shared_ptr<stage_depths> depths, stage where) noexcept
    : depths_(std::move(depths)), where_(where) {
    if (depths_)
      depths_->enter(where_);
  }

  stage_marker(stage_marker&& other) noexcept
    : depths_(std::move(other.depths_)), where_(other.where()) {
    copy_times(other);
  }

  stage_marker& operator=(stage_marker&& other) noexcept {
    std::swap(depths_, other.depths_);
    where_ = other.where_.exchange(where_);
    copy_times(other);
    return *this;
  }

  ~stage_marker() {
    if (depths_)
      depths_->leave(where_);
  }

  /// A marker for another event that is here, and came the same way.
  [[nodiscard]] stage_marker beside() const noexcept {
    stage_marker other{depths_, where()};
    other.copy_times(*this);
    return other;
  }

  /// Call before handing the event over.
  void move_to(stage next, time_point now) noexcept {
    note(next, now);
    const auto last = where_.exchange(next, std::memory_order_relaxed);
    if (depths_) {
      depths_->leave(last);
      depths_->enter(next);
    }
  }

  /// The event goes to `what` as well, beside where it is. The first time
  /// counts.
  void note(stage what, time_point now) noexcept {
    auto& time = came_[static_cast<std::size_t>(what)];
    if (time.load(std::memory_order_relaxed) == never)
      time.store(now.time_since_epoch().count(), std::memory_order_relaxed);
  }

  [[nodiscard]] stage where() const noexcept {
    return where_.load(std::memory_order_relaxed);
  }

  /// When it first came there from the stage before; nothing: it has not.
  [[nodiscard]] std::optional<time_point> came_to(stage what) const noexcept {
    const auto time =
        came_[static_cast<std::size_t>(what)].load(std::memory_order_relaxed);
    if (time == never)
      return std::nullopt;
    return time_point{time_point::duration{time}};
  }

private:
  using ticks = time_point::rep;
  static constexpr ticks never = 0;

  void copy_times(const stage_marker& from) noexcept {
    for (std::size_t i = 0; i < came_.size(); ++i)
      came_[i].store(from.came_[i].load(std::memory_order_relaxed),
                     std::memory_order_relaxed);
  }

  std::shared_ptr<stage_depths> depths_;
  std::atomic<stage> where_{stage::intake};
  std::array<std::atomic<ticks>, stage_names.size()> came_{}; ///< at all stages
};

} // namespace mfo::core
