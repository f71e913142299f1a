#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <random>
#include <span>
#include <vector>

namespace mfo::wire {

using clock = std::chrono::steady_clock;
using packet = std::span<const std::byte>;

/// What befalls the packets of a link.
struct rule {
  bool cut = false;
  double loss = 0; ///< of each packet, a probability
  std::chrono::milliseconds min_delay{0};
  std::chrono::milliseconds max_delay{0};
};

/// Packets by what became of them.
struct tally {
  std::uint64_t forwarded = 0;
  std::uint64_t lost = 0;     ///< by chance
  std::uint64_t cut = 0;      ///< by a cut, on their way or before
  std::uint64_t overflow = 0; ///< there was no room, here or at the receiver
};

/// The way from one host to another. All chance comes from the seed: of the
/// same packets the same are lost. Pure: the time is passed in, and never goes
/// back.
class link {
public:
  /// Gives a packet to the receiver; whether there was room for it.
  using deliver = std::function<bool(packet)>;

  /// Of those on their way. Beyond it they are dropped, as by a router.
  static constexpr std::size_t max_packets = 8192;
  static constexpr std::size_t max_bytes = 8 << 20;

  /// Between two changes of the delay. What delays packets in earnest is a
  /// queue before them, which grows and shrinks but lets none overtake another;
  /// so packets keep their order, unlike with netem. With a draw for each of
  /// them they would then all wait for the slowest of those before, which is
  /// next to the largest delay.
  static constexpr std::chrono::milliseconds steady_for{100};

  link(deliver to, std::uint64_t seed);

  /// From now on, in place of what was. What is on its way comes as late as was
  /// drawn for it, and none overtakes it; a cut takes it, too.
  void set(const rule& given);

  void take(packet one, clock::time_point now);

  /// Delivers what is due.
  void release(clock::time_point now);

  /// When to release. Nothing: there is nothing on its way.
  [[nodiscard]] std::optional<clock::time_point> due() const;

  [[nodiscard]] const tally& counts() const noexcept {
    return counts_;
  }

private:
  struct delayed {
    clock::time_point due;
    std::vector<std::byte> bytes;
  };

  [[nodiscard]] clock::time_point arrival(clock::time_point now);
  void hand_over(packet one);

  deliver deliver_;
  // Apart: when delays are drawn depends on when packets come.
  std::mt19937_64 losses_;
  std::mt19937_64 delays_;
  rule rule_;
  clock::duration delay_{0};
  clock::time_point delay_until_ = clock::time_point::min();
  std::deque<delayed> on_its_way_;
  std::size_t bytes_ = 0; ///< of these
  tally counts_;
};

} // namespace mfo::wire
