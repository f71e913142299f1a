// Five nodes in trouble, and what holds whatever happens. MFO_SEED plays one
// seed again; tests/cluster/seeds plays more, with fewer and more nodes.

#include "tests/cluster/sharing/troubled_order.hpp"
#include "tests/cluster/sharing/troubled_sharing.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace mfo::cluster {

namespace {

constexpr std::size_t five = 5;

std::vector<std::uint64_t> seeds_to_play(std::uint64_t count) {
  if (const auto* given = std::getenv("MFO_SEED"))
    return {std::strtoull(given, nullptr, 10)};
  std::vector<std::uint64_t> all;
  for (std::uint64_t seed = 1; seed <= count; ++seed)
    all.push_back(seed);
  return all;
}

template <class World, class Plan>
void play_one(std::uint64_t seed, const Plan& plan) {
  SCOPED_TRACE("MFO_SEED=" + std::to_string(seed) + ": " + to_string(plan));
  World{seed, plan}.play();
}

TEST(nodes_that_share_work, give_every_event_one_answer_whatever_happens) {
  for (const auto seed : seeds_to_play(200))
    if (!HasFailure())
      play_one<test::troubled_sharing>(seed, test::sharing_plan_of(seed, five));
}

TEST(nodes_that_share_work, begin_the_events_of_a_key_in_their_order) {
  for (const auto seed : seeds_to_play(60))
    if (!HasFailure())
      play_one<test::troubled_order>(seed, test::order_plan_of(seed, five));
}

} // namespace

} // namespace mfo::cluster
