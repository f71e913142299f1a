/// Placement, credit, outbox, inbox and replication together, on nodes that
/// crash and are cut off. MFO_SEED repeats a single run.

#include "tests/cluster/rules/simulated_cluster.hpp"
#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>

namespace mfo::cluster::simulated {

namespace {

ledger::totals run(unsigned seed, const plan& what) {
  SCOPED_TRACE("MFO_SEED=" + std::to_string(seed) + ": " + to_string(what));
  cluster world{seed, what};
  world.run();
  return world.sum();
}

void print(const ledger::totals& sum) {
  std::cout << sum.admitted << " events: " << sum.promised << " promised, "
            << sum.delivered << " delivered, " << sum.dead_letters
            << " dead letters, " << sum.refused << " refused, " << sum.lost
            << " lost with origin and all holders; " << sum.runs
            << " runs, of these " << sum.duplicates
            << " repeated: " << sum.returned << " came back, " << sum.taken_over
            << " were taken over\n";
}

TEST(nodes_in_trouble, keep_what_they_promise) {
  if (const char* given = std::getenv("MFO_SEED")) {
    const auto seed = static_cast<unsigned>(std::strtoul(given, nullptr, 10));
    print(run(seed, plan_of(seed)));
    return;
  }
  const auto first = test::first_seed();
  ledger::totals all;
  for (unsigned seed = first; seed < first + 16 && !HasFailure(); ++seed) {
    const auto sum = run(seed, plan_of(seed));
    all.promised += sum.promised;
    all.dead_letters += sum.dead_letters;
    all.taken_over += sum.taken_over;
    all.returned += sum.returned;
    all.duplicates += sum.duplicates;
  }
  EXPECT_GT(all.promised, 0u);
  EXPECT_GT(all.dead_letters, 0u);
  EXPECT_GT(all.taken_over, 0u);
  EXPECT_GT(all.returned, 0u);
  EXPECT_GT(all.duplicates, 0u);
}

} // namespace

} // namespace mfo::cluster::simulated
