#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace mfo::core {

/// Counts what happens in spans of one width, for the latest `Size` spans:
/// what sliding windows and rates are read from, in bounded memory. The spans
/// are numbered from the clock's epoch. The time passed in never goes back.
template <std::size_t Size>
class bucket_ring {
public:
  using clock = std::chrono::steady_clock;

  /// Requires: `width` is positive.
  explicit bucket_ring(clock::duration width) : width_(width) {}

  [[nodiscard]] std::int64_t span_of(clock::time_point at) const {
    return at.time_since_epoch() / width_;
  }

  void add(clock::time_point now) {
    const auto span = span_of(now);
    auto& slot = slots_[static_cast<std::size_t>(span) % Size];
    if (slot.span != span)
      slot = {.span = span, .count = 0};
    ++slot.count;
  }

  /// In the spans `first` to `last`, both included, as far as they are kept.
  [[nodiscard]] std::uint64_t count(std::int64_t first,
                                    std::int64_t last) const {
    std::uint64_t sum = 0;
    for (const auto& slot : slots_)
      if (slot.span >= first && slot.span <= last)
        sum += slot.count;
    return sum;
  }

  /// In the span of `now` and the `Size - 1` before it.
  [[nodiscard]] std::uint64_t recent(clock::time_point now) const {
    const auto last = span_of(now);
    return count(last - static_cast<std::int64_t>(Size) + 1, last);
  }

  void clear() {
    slots_.fill({});
  }

private:
  struct bucket {
    std::int64_t span = 0;
    std::uint64_t count = 0;
  };

  clock::duration width_;
  std::array<bucket, Size> slots_{};
};

} // namespace mfo::core
