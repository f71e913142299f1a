/// Nodes that hold copies of each other's events while they crash, restart,
/// drain, and are cut off. MFO_SEED repeats a single run; tests/cluster/seeds
/// plays many.

#include "tests/cluster/copies/troubled_copies.hpp"
#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>

namespace mfo::cluster {

namespace {

using test::copy_ledger;

copy_ledger::totals play_copies(unsigned seed) {
  const auto plan = test::copies_plan_of(seed);
  SCOPED_TRACE("MFO_SEED=" + std::to_string(seed) + ": " + to_string(plan));
  return test::troubled_copies{seed, plan}.play();
}

TEST(nodes_that_hold_copies, keep_what_they_promise) {
  if (const auto* given = std::getenv("MFO_SEED")) {
    play_copies(static_cast<unsigned>(std::strtoul(given, nullptr, 10)));
    return;
  }
  const auto first = mfo::test::first_seed();
  copy_ledger::totals all;
  for (unsigned seed = first; seed < first + 50 && !HasFailure(); ++seed) {
    const auto sum = play_copies(seed);
    all.begun += sum.begun;
    all.promised += sum.promised;
    all.given_up += sum.given_up;
    all.deliveries += sum.deliveries;
    all.lost += sum.lost;
  }
  std::cout << all.begun << " events: " << all.promised << " promised, "
            << all.given_up << " given up, " << all.deliveries
            << " deliveries, " << all.lost
            << " lost with their origin and all holders\n";
  EXPECT_GT(all.promised, all.begun / 4);
  EXPECT_GT(all.given_up, 0u);
  EXPECT_GT(all.deliveries, 0u);
}

} // namespace

} // namespace mfo::cluster
