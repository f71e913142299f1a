// Clusters of 2 to 64 nodes in virtual time, and what holds of claims and ticks
// whatever happens. MFO_SEED repeats one run of the many; tests/cluster/seeds
// plays more.

#include "tests/cluster/claims/troubled_claims.hpp"
#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

namespace mfo::cluster::test {

namespace {

using totals = troubled_claims::totals;

constexpr std::uint64_t runs = 30;

totals play(std::uint64_t seed, const trouble_plan& plan) {
  SCOPED_TRACE("MFO_SEED=" + std::to_string(seed) + ": " + to_string(plan));
  troubled_claims world{seed, plan};
  world.run();
  return world.sum();
}

void add(totals& to, const totals& what) {
  to.claims += what.claims;
  to.repeated += what.repeated;
  to.unasked += what.unasked;
  to.ticks += what.ticks;
  to.calm_ticks += what.calm_ticks;
  to.fired_again += what.fired_again;
}

void print(const totals& sum) {
  std::cout << sum.claims << " claims, " << sum.repeated << " repeated, "
            << sum.unasked << " of which nobody could be asked; " << sum.ticks
            << " ticks, " << sum.fired_again << " fired more than once, "
            << sum.calm_ticks << " in calm\n";
}

TEST(nodes_in_trouble, know_repetitions_and_fire_all_ticks) {
  if (const char* given = std::getenv("MFO_SEED")) {
    const auto seed = std::strtoull(given, nullptr, 10);
    print(play(seed, trouble_of(seed)));
    return;
  }
  const std::uint64_t first = mfo::test::first_seed();
  totals sum;
  for (auto seed = first; seed < first + runs && !HasFailure(); ++seed)
    add(sum, play(seed, trouble_of(seed)));
  print(sum);
  EXPECT_GT(sum.repeated, sum.claims / 10);
  EXPECT_GT(sum.unasked, 0u);
  EXPECT_GT(sum.ticks, 0u);
  EXPECT_GT(sum.calm_ticks, 0u);
}

TEST(nodes_in_trouble, may_be_64) {
  const auto seed = mfo::test::first_seed();
  const auto sum =
      play(seed, {.nodes = 64,
                  .late = 8,
                  .most_skew = std::chrono::seconds{1},
                  .crashes = true,
                  .cuts = true,
                  .partitions = true,
                  .triggers = 3,
                  .between_claims = std::chrono::milliseconds{100}});
  print(sum);
  EXPECT_GT(sum.repeated, sum.claims / 10);
}

} // namespace

} // namespace mfo::cluster::test
