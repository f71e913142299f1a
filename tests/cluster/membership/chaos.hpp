#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace mfo::cluster::test {

/// What is done to a cluster, and how long it then has to recover.
struct chaos_plan {
  std::size_t nodes = 3;
  int strikes = 25;
  std::size_t at_once = 1;                        ///< of these
  std::chrono::milliseconds longest_pause{3'000}; ///< between strikes
  bool clocks = true;                             ///< may be put back
  /// The clocks may have gone back by 10 s: those nodes wait for dead_after.
  /// Where they have not, 10 s are enough.
  std::chrono::milliseconds recovery{20'000};
  std::chrono::milliseconds quiet{20'000};
};

/// Many nodes are struck at several places at once, and not for so long: what
/// they cost grows with the square of their number.
[[nodiscard]] chaos_plan chaos_for(std::size_t nodes);

/// Nodes crash, restart, stand still, leave, lose power, or are cut off, alone
/// or with others; heartbeats are lost, links reset, clocks put back. Then the
/// network is whole, and most nodes run: their tables become equal, and all is
/// quiet. Fails the test where it is not so. Gives what the last random number
/// was: for one seed the same each time.
std::uint64_t run_chaos(unsigned seed, const chaos_plan& plan);

} // namespace mfo::cluster::test
