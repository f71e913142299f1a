#pragma once

#include "cluster/rules/credit_window.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>

namespace mfo::cluster {

/// The copies that went over one link and are not confirmed: a window, so that
/// a holder that is slow fills no memory. They are numbered from 1, and
/// confirmed in that order. One owner, not thread-safe.
class sent_copies {
public:
  struct copy {
    std::uint64_t ticket = 0;
    std::uint32_t version = 0; ///< of its list
    std::size_t bytes = 0;
  };

  explicit sent_copies(credit window) : window_(window) {}

  /// One that is larger than the window goes alone.
  [[nodiscard]] bool has_room(std::size_t bytes) const noexcept {
    return copies_.empty() ||
           (copies_.size() < window_.events && bytes_ + bytes <= window_.bytes);
  }

  void add(const copy& sent) {
    bytes_ += sent.bytes;
    copies_.push_back(sent);
  }

  /// The first that is not confirmed. Requires: there is one.
  copy take() {
    const auto first = copies_.front();
    copies_.pop_front();
    bytes_ -= first.bytes;
    ++confirmed_;
    return first;
  }

  /// Copies up to this number are confirmed.
  [[nodiscard]] std::uint64_t confirmed() const noexcept {
    return confirmed_;
  }

  /// The number of the last one that was sent.
  [[nodiscard]] std::uint64_t last() const noexcept {
    return confirmed_ + copies_.size();
  }

  [[nodiscard]] const std::deque<copy>& on_their_way() const noexcept {
    return copies_;
  }

  [[nodiscard]] std::size_t bytes() const noexcept {
    return bytes_;
  }

private:
  credit window_;
  std::deque<copy> copies_;
  std::size_t bytes_ = 0;
  std::uint64_t confirmed_ = 0;
};

} // namespace mfo::cluster
