#pragma once

#include <chrono>
#include <cstddef>

namespace mfo::core {

/// How fast a bucket is filled, and how many tokens it holds.
struct token_rate {
  using clock = std::chrono::steady_clock;

  /// `per_second` from 0.001 to a million, `burst` from 1 to a million; more
  /// of either could not be counted in nanoseconds.
  token_rate(double per_second, std::size_t burst) noexcept;

  clock::duration interval; ///< between two tokens, rounded up
  clock::duration slack;    ///< that in which all tokens but one come
};

/// A token bucket, full at first: over any time t, at most burst + rate × t are
/// taken. Held as the moment at which it is full again, which is all there is
/// to know of it: the virtual scheduling form of GCRA (ITU-T I.371, annex A).
/// Not thread-safe. Pure: the time is passed in and never goes back, and the
/// rate is that of all calls.
class token_bucket {
public:
  using clock = token_rate::clock;

  /// How long until there is a token, if nobody takes any; zero: there is one.
  [[nodiscard]] clock::duration wait(const token_rate& rate,
                                     clock::time_point now) const noexcept;

  /// Requires: no wait.
  void take(const token_rate& rate, clock::time_point now) noexcept;

  /// Whether it is as if nobody had ever taken any.
  [[nodiscard]] bool full(clock::time_point now) const noexcept {
    return full_at_ <= now;
  }

private:
  clock::time_point full_at_{};
};

} // namespace mfo::core
