/// Callers and connectors together, on nodes that crash, stand still and are
/// cut off. MFO_SEED repeats a single run; tests/cluster/seeds plays many.

#include "tests/cluster/calling/simulated_callers.hpp"
#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>

namespace mfo::cluster {

namespace {

using test::calls_plan;
using test::simulated_callers;

constexpr unsigned runs_in_trouble = 30;
constexpr unsigned runs_in_peace = 10;

simulated_callers::totals play(unsigned seed, const calls_plan& plan) {
  SCOPED_TRACE("MFO_SEED=" + std::to_string(seed));
  simulated_callers world{seed, plan};
  world.run();
  return world.sum();
}

/// Every run with a seed of its own, or the one of MFO_SEED.
simulated_callers::totals play_all(unsigned runs, const calls_plan& plan) {
  simulated_callers::totals all;
  if (const char* given = std::getenv("MFO_SEED"))
    return play(static_cast<unsigned>(std::strtoul(given, nullptr, 10)), plan);
  const auto first = mfo::test::first_seed();
  for (unsigned seed = first;
       seed != first + runs && !testing::Test::HasFailure(); ++seed) {
    const auto sum = play(seed, plan);
    all.calls += sum.calls;
    all.well += sum.well;
    all.runs += sum.runs;
    all.came_back += sum.came_back;
    all.moved += sum.moved;
  }
  std::cout << all.calls << " calls, " << all.well << " made well, in "
            << all.runs << " runs; " << all.came_back << " came back, "
            << all.moved << " moved\n";
  return all;
}

TEST(nodes_that_call_for_others, give_each_call_one_result_whatever_happens) {
  const auto sum = play_all(runs_in_trouble, {});
  if (std::getenv("MFO_SEED") != nullptr)
    return;
  EXPECT_GT(sum.well, sum.calls / 4);
  EXPECT_GT(sum.came_back, 0u);
  EXPECT_GT(sum.moved, 0u);
}

TEST(nodes_that_call_for_others, make_each_call_once_while_all_is_well) {
  calls_plan plan;
  plan.trouble = false;
  const auto sum = play_all(runs_in_peace, plan);
  EXPECT_EQ(sum.runs, sum.calls);
}

} // namespace

} // namespace mfo::cluster
