#pragma once

#include "telemetry/run_book.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

/// One run in the book of runs. For run_book alone.
namespace mfo::telemetry {

/// Bytes that may be taken, by all pages that are written at a time.
class byte_budget {
public:
  explicit byte_budget(std::size_t most) : most_(most) {}

  bool take(std::size_t bytes) noexcept;

  /// Whether there is room or not.
  void force(std::size_t bytes) noexcept {
    taken_.fetch_add(bytes);
  }

  void give_back(std::size_t bytes) noexcept {
    taken_.fetch_sub(bytes);
  }

private:
  const std::size_t most_;
  std::atomic<std::size_t> taken_{0};
};

/// How often anything has changed in a book.
using change_count = std::atomic<std::uint64_t>;

/// One run. Written by its entry, read by whoever looks; thread-safe.
class run_page {
public:
  using time_point = std::chrono::steady_clock::time_point;

  run_page(run_origin of, std::chrono::milliseconds unix_time, time_point at,
           std::uint64_t number, std::shared_ptr<change_count> changes);

  [[nodiscard]] std::uint64_t number() const noexcept {
    return number_;
  }

  [[nodiscard]] const std::string& id() const noexcept {
    return record_.of.id; // does not change
  }

  [[nodiscard]] const std::string& traceparent() const noexcept {
    return record_.of.traceparent; // likewise
  }

  /// Of more tasks than `max_tasks`, or than `budget` has room for, only the
  /// number is kept.
  void note(const task_note& moment, std::size_t max_tasks,
            byte_budget& budget);

  struct sizes {
    std::size_t taken; ///< from the budget
    std::size_t held;  ///< from now on
  };

  sizes end(std::string_view outcome, std::optional<run_problem> problem,
            time_point at);

  [[nodiscard]] std::size_t bytes() const;

  /// Which change of the book its last one was.
  [[nodiscard]] std::uint64_t changed() const;

  [[nodiscard]] bool is(const run_book::filter& which) const;

  /// Without its tasks.
  [[nodiscard]] run_record summary() const;

  [[nodiscard]] run_record whole() const;

private:
  struct text_hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  /// With the lock: who sees the count of the book sees this, too.
  void note_change();

  bool take(std::size_t bytes, byte_budget& budget);

  /// Null where there is no room.
  task_record* add(const task_note& moment, std::size_t max_tasks,
                   byte_budget& budget);

  const std::uint64_t number_;
  const time_point began_;
  const std::shared_ptr<change_count> changes_; ///< of the book
  mutable std::mutex mutex_;
  run_record record_; ///< guarded by mutex_, as the rest
  std::uint64_t changed_ = 0;
  std::size_t bytes_ = 0;
  /// Where those are that are under way, by their whole path.
  std::unordered_map<std::string, std::size_t, text_hash, std::equal_to<>>
      open_;
};

} // namespace mfo::telemetry
