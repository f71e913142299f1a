#pragma once

#include "core/event.hpp"
#include "telemetry/event_record.hpp"
#include "telemetry/span.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// The events of this process: those in flight, and the last that ended. What
/// is written down of one is made of what it knows already when it ends; until
/// then it costs a place in a list.
namespace mfo::telemetry {

class event_shelves;

/// The place of one event in the book, from its beginning to its end. Whoever
/// has the event owns this; one that goes before its end is told has been
/// refused for an internal error, as in the ledger. Not thread-safe; who reads
/// the book meanwhile may.
class event_entry {
public:
  using time_point = std::chrono::steady_clock::time_point;

  event_entry() = default; ///< writes nothing down
  event_entry(event_entry&& other) noexcept;
  event_entry& operator=(event_entry&& other) noexcept;
  ~event_entry();

  /// Its sender hears that it is taken, before it has ended.
  void acknowledged(time_point at) noexcept;

  /// It goes to the dead letters, which will say how it ended.
  void undelivered(time_point at) noexcept;

  /// Once; then nothing more is written down.
  void end(const event_end& how) noexcept;

  /// Other events are in its place: it has no story of its own.
  void replaced() noexcept;

private:
  friend class event_book;
  friend class event_shelves;

  void take_place_of(event_entry& other) noexcept;

  std::shared_ptr<event_shelves> book_; ///< null: it has ended
  core::event_ptr event_;
  std::atomic<time_point::rep> acknowledged_{0}; ///< 0: it is not
  std::atomic<time_point::rep> undelivered_{0};
  // Its neighbours among those in flight; guarded by the lock of the list.
  event_entry* before_ = nullptr;
  event_entry* behind_ = nullptr;
};

/// Thread-safe.
class event_book {
public:
  struct bounds {
    /// Of those that went well, and as many of those that did not: no flood of
    /// the one pushes the other out. 0: nothing is written down, nor are events
    /// in flight found.
    std::size_t keep = 1'000;
    /// About what each of the two may take.
    std::size_t max_bytes = 8 * 1024 * 1024;
  };

  /// Which events are meant; empty: any.
  struct filter {
    std::string endpoint{};
    std::string outcome{}; ///< one of event_states
    std::string reason{};  ///< a slug of core::all_errors
    std::string prefix{};  ///< of the id, or of the sender's id
    std::chrono::milliseconds since{std::chrono::milliseconds::min()};
    std::chrono::milliseconds until{std::chrono::milliseconds::max()};
    std::size_t limit = 100;
  };

  event_book();
  /// Events of traces that are sampled go to `spans` as they end; null: none
  /// do.
  explicit event_book(bounds limits,
                      std::shared_ptr<span_sink> spans = nullptr);

  /// The event is in flight.
  [[nodiscard]] event_entry begin(core::event_ptr event);

  /// A request that became no event: a record that has ended.
  void refused(event_record record) noexcept;

  /// Those that were received last first. Where there are more than are kept,
  /// the oldest of the commonest reason has been forgotten: a stranger who is
  /// refused again and again does not push out what is of interest.
  [[nodiscard]] std::vector<event_record_ptr> list(const filter& which) const;

  /// All that is known by this id, as `list`: a delivery that is repeated has
  /// the id again.
  [[nodiscard]] std::vector<event_record_ptr> find(std::string_view id) const;

  /// What has ended since somebody asked last.
  struct news {
    std::vector<event_record_ptr> events{}; ///< the last that ended last
    std::uint64_t left_out = 0;             ///< others that have ended
    std::uint64_t mark = 0;                 ///< for the next time
  };

  /// `mark`: of the last time. At most `limit`, those that ended last.
  [[nodiscard]] news ended_after(std::uint64_t mark, std::size_t limit) const;

  /// That of what has ended so far.
  [[nodiscard]] std::uint64_t mark() const;

  /// Another bounds::keep from now on.
  void keep(std::size_t events);

private:
  std::shared_ptr<event_shelves> shelves_;
};

} // namespace mfo::telemetry
