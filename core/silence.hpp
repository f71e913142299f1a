#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace mfo::core {

/// How long a source of events is silent as a rule, and whether it has been for
/// far longer. Learned from the longest gap between two events, of which the
/// weight halves with each day, so that a source that sleeps at night is known
/// to do so after the first one. Pure: the time is passed in, and never goes
/// back.
class silence {
public:
  using time = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;

  /// So many gaps are needed before anything is said.
  static constexpr std::uint64_t enough_gaps = 20;
  /// Silent is who is so for this many times his longest gap,
  static constexpr int factor = 3;
  /// and for this long at least.
  static constexpr std::chrono::minutes least{1};
  /// For a gap to count half.
  static constexpr std::chrono::hours half_life{24};

  /// At least one event has come since it was asked last.
  void heard(time now);

  /// Nothing: none has come yet.
  [[nodiscard]] std::optional<time> last() const noexcept {
    return last_;
  }

  /// The silence after which it is longer than usual. Nothing: that cannot be
  /// said yet.
  [[nodiscard]] std::optional<duration> patience(time now) const;

private:
  [[nodiscard]] duration longest(time now) const;

  std::optional<time> last_;
  std::uint64_t gaps_ = 0;
  duration longest_{0}; ///< as it was at last_
};

} // namespace mfo::core
