#include "cluster/rules/ordering.hpp"

#include "cluster/rules/rendezvous.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mfo::cluster {

namespace {

struct runners_in_order : testing::Test {
  candidate self{.name = "a", .roles = {role::runner}};
  std::vector<candidate> peers{{.name = "b", .roles = {role::runner}},
                               {.name = "c", .roles = {role::runner}},
                               {.name = "d", .roles = {role::intake}}};
  const placement_request request{.needed = role::runner};
};

TEST_F(runners_in_order, are_the_owners_whatever_the_load) {
  for (auto& peer : peers)
    peer.has_credit = false;
  self.load = {.queued = 1'000, .in_flight = 100, .max_in_flight = 100};
  const std::vector<std::string> runners{"a", "b", "c"};
  for (int i = 0; i < 20; ++i) {
    const auto lane = "orders\n" + std::to_string(i);
    EXPECT_EQ(runner_in_order(lane, request, self, peers),
              owner_of(lane, runners));
  }
}

TEST_F(runners_in_order, are_only_those_that_may_run_it) {
  peers[0].suspect = true;
  peers[1].draining = true;
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(runner_in_order(std::to_string(i), request, self, peers), "a");
}

TEST_F(runners_in_order, are_the_same_for_all_that_see_the_same_nodes) {
  const auto& b = peers[0];
  const std::vector<candidate> peers_of_b{peers[1], self};
  for (int i = 0; i < 20; ++i) {
    const auto lane = std::to_string(i);
    EXPECT_EQ(runner_in_order(lane, request, self, peers),
              runner_in_order(lane, request, b, peers_of_b));
  }
}

TEST_F(runners_in_order, are_none_where_nobody_may_run_it) {
  self.draining = true;
  EXPECT_EQ(runner_in_order("k", request, self, {}), "");
}

} // namespace

} // namespace mfo::cluster
