#pragma once

#include <chrono>

namespace mfo::telemetry {

/// How often somebody who has not shown who he is can have the same line
/// written: `most` times in each period. Pure; not thread-safe.
class line_limit {
public:
  using clock = std::chrono::steady_clock;

  constexpr line_limit(unsigned most, clock::duration period) noexcept
    : most_(most), period_(period) {}

  /// Whether one more line may be written now.
  bool take(clock::time_point now) noexcept {
    if (now - since_ >= period_) {
      since_ = now;
      taken_ = 0;
    }
    if (taken_ == most_)
      return false;
    ++taken_;
    return true;
  }

private:
  unsigned most_;
  clock::duration period_;
  clock::time_point since_{};
  unsigned taken_ = 0;
};

} // namespace mfo::telemetry
