#pragma once

#include "cluster/rules/schedule_owner.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace mfo::cluster {

/// The ticks that were fired of late, anywhere, in the order in which this node
/// heard of them, and who was told of which: a peer is told of all that are
/// there when its link opens, and then of those that this node fires itself.
/// Older ones would be missed, and are nobody's business.
///
/// Bounded by number, the oldest goes first, and by time. One owner, not
/// thread-safe; time is passed in.
class fired_log {
public:
  using clock = std::chrono::steady_clock;

  /// How far a peer was told, over its present link.
  struct reader {
    std::uint64_t next = 0;   ///< of the log, the first it was not told
    std::uint64_t all_to = 0; ///< before this it is told of others' as well
  };

  explicit fired_log(std::size_t max_ticks) : max_ticks_(max_ticks) {}

  void add(const tick_record& what, bool own, clock::time_point now);

  /// A peer that knows nothing yet.
  [[nodiscard]] reader begin() const noexcept {
    return {.next = first_, .all_to = first_ + ticks_.size()};
  }

  /// What it is to be told next, at most `most`.
  [[nodiscard]] std::vector<tick_record> next(reader& who,
                                              std::size_t most) const;

  [[nodiscard]] bool has_more(const reader& who) const noexcept {
    return who.next < first_ + ticks_.size();
  }

  /// What was heard before `then` is old.
  void forget_before(clock::time_point then);

  [[nodiscard]] std::size_t size() const noexcept {
    return ticks_.size();
  }

private:
  struct entry {
    tick_record what;
    bool own;
    clock::time_point heard;
  };

  void forget_first();

  const std::size_t max_ticks_;
  std::deque<entry> ticks_;
  std::uint64_t first_ = 0; ///< number of the first that is there
};

} // namespace mfo::cluster
