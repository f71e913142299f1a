#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// How many seeds of which simulator are played, and with how many nodes.
namespace mfo::cluster::test {

/// What became of one seed.
struct outcome_of_seed {
  std::size_t events = 0; ///< or calls, or claims, or strikes
  /// The last random number: of one seed it is the same each time.
  std::uint64_t number = 0;

  friend bool operator==(const outcome_of_seed&,
                         const outcome_of_seed&) = default;
};

/// One of the simulators.
struct simulator {
  std::string_view name;
  std::string_view rules; ///< that it drives, for the README
  unsigned seeds;         ///< of `seeds_in_all`
  /// Plays one seed; the test fails where a promise is broken.
  outcome_of_seed (*play)(unsigned seed, std::size_t nodes);
};

constexpr unsigned seeds_in_all = 10'000;

/// Where programs are slow, as with sanitizers: of each simulator, and no more
/// nodes than that.
constexpr unsigned few_seeds = 20;
constexpr std::size_t nodes_of_few_seeds = 32;

std::span<const simulator> simulators();

/// Of `per` seeds that follow each other, whichever is the first, so many have
/// a cluster of such a size.
struct size_class {
  std::size_t fewest;
  std::size_t most;
  unsigned seeds;
};

constexpr unsigned seeds_per_round = 1'000;

/// Mostly small ones: troubles meet there, and they cost little. What a seed
/// costs grows with the square of its nodes.
constexpr size_class size_classes[] = {
    {2, 8, 900},  {9, 16, 60},   {17, 32, 25},  {33, 64, 10},
    {65, 128, 3}, {129, 255, 1}, {256, 256, 1},
};

/// The size of a seed's cluster.
std::size_t nodes_of(unsigned seed);

} // namespace mfo::cluster::test
