// Whatever happens for a while: when the network is whole again, all tables
// become equal. tests/cluster/seeds does the same with many seeds.

#include "tests/cluster/membership/agreement.hpp"
#include "tests/cluster/membership/chaos.hpp"
#include "tests/cluster/membership/simulated_network.hpp"
#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;
using mfo::test::between;
using mfo::test::first_seed;
using mfo::test::seed_trace;

void run_chaos_of(unsigned seed, const chaos_plan& plan) {
  SCOPED_TRACE(seed_trace(seed) + " with " + std::to_string(plan.nodes) +
               " nodes");
  run_chaos(seed, plan);
}

TEST(after_any_chaos, small_clusters_agree) {
  const auto seed = first_seed();
  for (unsigned i = 0; i < 30 && !HasFailure(); ++i)
    run_chaos_of(seed + i, {.nodes = 2 + i % 5});
}

TEST(after_any_chaos, a_cluster_of_16_agrees) {
  const auto seed = first_seed();
  for (unsigned i = 0; i < 2 && !HasFailure(); ++i)
    run_chaos_of(seed + i, {.nodes = 16, .strikes = 40});
}

/// Without clocks that go back it is quicker.
TEST(after_partitions, tables_are_equal_within_10_s) {
  const auto seed = first_seed();
  for (unsigned i = 0; i < 20; ++i) {
    SCOPED_TRACE(seed_trace(seed + i));
    std::mt19937 random{seed + i};
    simulated_network network{seed + i};
    const auto names = names_of(7);
    start_all(network, names, 2);
    network.run_for(5s);
    std::set<std::string> part;
    for (const auto& name : names)
      if (between(random, 0, 1) == 1)
        part.insert(name);
    network.isolate(part);
    network.run_for(between(random, 0, 40'000) * 1ms);
    network.heal();
    network.run_for(10s);
    ASSERT_TRUE(agree(network));
  }
}

} // namespace

} // namespace mfo::cluster::test
