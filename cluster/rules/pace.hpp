#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace mfo::cluster {

/// When the next message to a peer goes: at once where little is said, and with
/// a pause after the last one that grows with how much there is, so that more
/// goes in each. For a thousand things a second, or fewer, the pause is as long
/// as the time from one to the next; for five thousand it is the longest, and a
/// message carries 25 of them. One owner, not thread-safe.
class pace {
public:
  using clock = std::chrono::steady_clock;
  using milliseconds = std::chrono::duration<double, std::milli>;

  static constexpr milliseconds longest_pause{5};

  /// How long the next message waits.
  [[nodiscard]] clock::duration wait(clock::time_point now) const {
    const auto pause = std::min(longest_pause, milliseconds{rate_});
    return std::max(clock::duration::zero(),
                    last_ + std::chrono::duration_cast<clock::duration>(pause) -
                        now);
  }

  /// A message has gone that carries so many things.
  void sent(std::size_t things, clock::time_point now) {
    const milliseconds since = now - last_;
    const auto newer = std::min(1.0, since / memory);
    rate_ = rate_ * (1 - newer) +
            static_cast<double>(things) / std::max(since, memory).count();
    last_ = now;
  }

private:
  /// What is older than about this is forgotten.
  static constexpr milliseconds memory{50};

  double rate_ = 0; ///< of things, per ms
  clock::time_point last_{};
};

} // namespace mfo::cluster
