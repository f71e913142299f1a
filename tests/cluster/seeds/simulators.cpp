#include "tests/cluster/seeds/simulators.hpp"

#include "tests/cluster/calling/simulated_callers.hpp"
#include "tests/cluster/claims/troubled_claims.hpp"
#include "tests/cluster/copies/troubled_copies.hpp"
#include "tests/cluster/membership/chaos.hpp"
#include "tests/cluster/rules/simulated_cluster.hpp"
#include "tests/cluster/sharing/troubled_order.hpp"
#include "tests/cluster/sharing/troubled_sharing.hpp"

#include <gtest/gtest.h>

#include <array>
#include <numeric>
#include <random>

namespace mfo::cluster::test {

namespace {

outcome_of_seed play_membership(unsigned seed, std::size_t nodes) {
  const auto plan = chaos_for(nodes);
  return {.events = static_cast<std::size_t>(plan.strikes),
          .number = run_chaos(seed, plan)};
}

outcome_of_seed play_rules(unsigned seed, std::size_t nodes) {
  const auto plan = simulated::plan_of(seed, nodes);
  SCOPED_TRACE(to_string(plan));
  simulated::cluster world{seed, plan};
  world.run();
  return {.events = world.sum().admitted, .number = world.random()()};
}

outcome_of_seed play_sharing(unsigned seed, std::size_t nodes) {
  const auto plan = sharing_plan_of(seed, nodes);
  SCOPED_TRACE(to_string(plan));
  troubled_sharing world{seed, plan};
  world.play();
  return {.events = world.events(), .number = world.a_number()};
}

outcome_of_seed play_order(unsigned seed, std::size_t nodes) {
  const auto plan = order_plan_of(seed, nodes);
  SCOPED_TRACE(to_string(plan));
  troubled_order world{seed, plan};
  world.play();
  return {.events = world.events(), .number = world.a_number()};
}

outcome_of_seed play_copies(unsigned seed, std::size_t nodes) {
  const auto plan = copies_plan_of(seed, nodes);
  SCOPED_TRACE(to_string(plan));
  troubled_copies world{seed, plan};
  const auto sum = world.play();
  return {.events = sum.begun, .number = world.a_number()};
}

outcome_of_seed play_claims(unsigned seed, std::size_t nodes) {
  const auto plan = trouble_of(seed, nodes);
  SCOPED_TRACE(to_string(plan));
  troubled_claims world{seed, plan};
  world.run();
  return {.events = world.sum().claims, .number = world.random()};
}

outcome_of_seed play_calls(unsigned seed, std::size_t nodes) {
  const auto plan = calls_plan_of(seed, nodes);
  SCOPED_TRACE(to_string(plan));
  simulated_callers world{seed, plan};
  world.run();
  return {.events = world.sum().made, .number = world.a_number()};
}

/// Whole rounds of sizes each, so that each has them all.
constexpr auto all_simulators = std::array{
    simulator{"membership", "who is a member: `membership`", 2'000,
              play_membership},
    simulator{"rules", "placement, credit, outbox, inbox and copies together",
              3'000, play_rules},
    simulator{"sharing", "who runs an event: `dispatcher`", 1'000,
              play_sharing},
    simulator{"order", "events of an ordering key: `dispatcher`", 1'000,
              play_order},
    simulator{"copies", "copies of acknowledged events: `copy_desk`", 1'000,
              play_copies},
    simulator{"claims", "what is done once: `claim_desk`", 1'000, play_claims},
    simulator{"calls", "calls by connectors: `call_desk`", 1'000, play_calls},
};

static_assert(std::accumulate(all_simulators.begin(), all_simulators.end(), 0U,
                              [](unsigned sum, const simulator& each) {
                                return sum + each.seeds;
                              }) == seeds_in_all);

} // namespace

std::span<const simulator> simulators() {
  return all_simulators;
}

std::size_t nodes_of(unsigned seed) {
  // Odd and no multiple of 5, so that neighbours are in different classes.
  auto place = seed % seeds_per_round * 389 % seeds_per_round;
  const auto* which = std::begin(size_classes);
  while (place >= which->seeds)
    place -= (which++)->seeds;
  std::mt19937 random{seed};
  return std::uniform_int_distribution<std::size_t>{which->fewest,
                                                    which->most}(random);
}

} // namespace mfo::cluster::test
