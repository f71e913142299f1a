#pragma once

#include <chrono>

namespace mfo::core {

/// When to do again what has to be done from time to time, such as a
/// subscription that the other side may forget: a while after each success,
/// and sooner, with growing waits, after a failure. The waits are spread at
/// random, so that those who failed together do not come back together ("full
/// jitter": "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
/// Pure: randomness is passed in. The first time is at once, and is up to the
/// owner.
class renewal {
public:
  using milliseconds = std::chrono::milliseconds;

  /// Never more often than this.
  static constexpr milliseconds least{1'000};
  /// The longest wait after a failure, unless the other side asks for more.
  static constexpr milliseconds most{300'000};

  explicit renewal(milliseconds period) noexcept;

  /// How long to wait after a success: the period.
  [[nodiscard]] milliseconds succeeded() noexcept;

  /// How long to wait after a failure. The `n`th in a row: at random from
  /// `least` to 2^n times that, `most` at most; `asked`, what the other side
  /// asks for, if that is longer. `uniform` is random in [0, 1).
  [[nodiscard]] milliseconds failed(double uniform,
                                    milliseconds asked) noexcept;

private:
  milliseconds period_;
  milliseconds ceiling_ = least; ///< of the last wait after a failure
};

} // namespace mfo::core
