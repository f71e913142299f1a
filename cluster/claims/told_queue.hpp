#pragma once

#include "cluster/messages/claim_packing.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace mfo::cluster {

/// What one peer is to know of claims, until it has acknowledged it: a new link
/// begins with all of it. Both sides count what goes over a link, so that none
/// of it needs a number.
///
/// Records may always be added: who adds them waits while there are many. One
/// owner, not thread-safe; time is passed in.
class told_queue {
public:
  using clock = std::chrono::steady_clock;

  explicit told_queue(std::size_t max_settled) : max_settled_(max_settled) {}

  /// False: too many wait, and the peer will not hear of it.
  bool push(settled_claim what);

  void push(ownership::record what, clock::time_point now);

  /// The next things to be said over the present link, at most `most`; times
  /// in them as they are by now.
  [[nodiscard]] std::vector<told_claim> next(std::size_t most,
                                             clock::time_point now);

  /// The peer has heard so many over the present link. False: so many were
  /// never said.
  bool acknowledge(std::uint64_t heard);

  /// All is to be said again.
  void link_opened() noexcept;

  /// What is not to be told to this peer any more: what was not said over the
  /// present link, or all.
  [[nodiscard]] std::vector<told_claim> take_unsaid(clock::time_point now);
  [[nodiscard]] std::vector<told_claim> take_all(clock::time_point now);

  [[nodiscard]] bool has_unsaid() const noexcept {
    return unsaid() < items_.size();
  }

  [[nodiscard]] std::size_t size() const noexcept {
    return items_.size();
  }

  [[nodiscard]] std::size_t records() const noexcept {
    return records_;
  }

private:
  struct item {
    told_claim what;
    clock::time_point since; ///< when its times were true
  };

  /// Where what was not said begins.
  [[nodiscard]] std::size_t unsaid() const noexcept {
    return static_cast<std::size_t>(said_ - acknowledged_);
  }

  [[nodiscard]] std::vector<told_claim> take_from(std::size_t first,
                                                  clock::time_point now);

  const std::size_t max_settled_;
  std::deque<item> items_; ///< the first were said, and not acknowledged
  std::size_t records_ = 0;
  std::uint64_t said_ = 0; ///< over the present link
  std::uint64_t acknowledged_ = 0;
};

} // namespace mfo::cluster
