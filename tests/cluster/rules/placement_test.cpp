#include "cluster/rules/placement.hpp"

#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace mfo::cluster {

namespace {

using reason = placement_reason;

constexpr std::size_t threshold = 10;

struct a_placement : testing::Test {
  static candidate node(std::string name) {
    return {.name = std::move(name),
            .roles = {role::intake, role::runner},
            .load = {.queued = 0, .in_flight = 0, .max_in_flight = 10}};
  }

  static placement here(reason why) {
    return {.where = placement::place::here, .reason = why};
  }

  static placement on(std::string peer, reason why) {
    return {.where = placement::place::peer,
            .peer = std::move(peer),
            .reason = why};
  }

  static placement nowhere(reason why) {
    return {.where = placement::place::nowhere, .reason = why};
  }

  void overload() {
    self.load = {.queued = threshold, .in_flight = 10, .max_in_flight = 10};
  }

  placement place_it() {
    return place(request, self, peers, threshold, [](std::size_t below) {
      EXPECT_GT(below, 0u);
      return std::size_t{0};
    });
  }

  placement_request request{.needed = role::runner};
  candidate self = node("self");
  std::vector<candidate> peers{node("b"), node("c"), node("d")};
};

TEST_F(a_placement, stays_while_the_queue_is_short) {
  self.load.queued = threshold - 1;
  self.load.in_flight = 10;
  EXPECT_EQ(place_it(), here(reason::local));
}

TEST_F(a_placement, leaves_when_the_queue_is_at_the_threshold) {
  overload();
  EXPECT_EQ(place_it(), on("b", reason::local_overloaded));
}

TEST_F(a_placement, takes_the_less_loaded_of_the_two_that_chance_picked) {
  overload();
  peers[0].load.queued = 5;
  EXPECT_EQ(place_it(), on("c", reason::local_overloaded));
  peers[1].load.queued = 6;
  EXPECT_EQ(place_it(), on("b", reason::local_overloaded))
      << "d, which is idle, was not picked";
}

TEST_F(a_placement, weighs_the_load_by_what_a_node_can_do) {
  overload();
  peers[0].load = {.queued = 8, .in_flight = 10, .max_in_flight = 100};
  peers[1].load = {.queued = 0, .in_flight = 2, .max_in_flight = 10};
  EXPECT_EQ(place_it(), on("b", reason::local_overloaded));
}

TEST_F(a_placement, stays_when_no_peer_is_better) {
  overload();
  for (auto& peer : peers)
    peer.load = self.load;
  EXPECT_EQ(place_it(), here(reason::nobody_better));
  peers[0].load.queued = 9;
  EXPECT_EQ(place_it(), on("b", reason::local_overloaded));
}

TEST_F(a_placement, stays_when_there_is_no_eligible_peer) {
  overload();
  peers[0].draining = true;
  peers[1].suspect = true;
  peers[2].has_credit = false;
  EXPECT_EQ(place_it(), here(reason::nobody_better));
  peers.clear();
  EXPECT_EQ(place_it(), here(reason::nobody_better));
}

TEST_F(a_placement, passes_over_who_drains_is_suspect_or_without_credit) {
  overload();
  peers[0].draining = true;
  EXPECT_EQ(place_it().peer, "c");
  peers[1].suspect = true;
  EXPECT_EQ(place_it().peer, "d");
  peers[1].suspect = false;
  peers[1].has_credit = false;
  EXPECT_EQ(place_it().peer, "d");
}

TEST_F(a_placement, goes_to_who_has_the_role) {
  self.roles = {role::intake};
  peers[0].roles = {role::intake};
  EXPECT_EQ(place_it(), on("c", reason::role));
  request.needed = role::connector;
  EXPECT_EQ(place_it(), nowhere(reason::role));
  request.needed.reset();
  EXPECT_EQ(place_it(), here(reason::local)) << "no role is asked for";
}

TEST_F(a_placement, goes_to_who_has_the_labels_that_are_required) {
  request.require = {{"team", "crm"}};
  EXPECT_EQ(place_it(), nowhere(reason::label));
  peers[1].labels = {{"team", "billing"}};
  peers[2].labels = {{"team", "crm"}};
  EXPECT_EQ(place_it(), on("d", reason::label));
  self.labels = {{"team", "crm"}};
  EXPECT_EQ(place_it(), here(reason::local));
}

TEST_F(a_placement, says_that_those_who_could_are_not_available) {
  self.roles = {role::intake};
  for (auto& peer : peers)
    peer.has_credit = false;
  EXPECT_EQ(place_it(), nowhere(reason::unavailable));
}

TEST_F(a_placement, leaves_a_node_that_drains) {
  self.draining = true;
  EXPECT_EQ(place_it(), on("b", reason::drain));
  peers.clear();
  EXPECT_EQ(place_it(), nowhere(reason::unavailable));
}

TEST_F(a_placement, goes_to_the_preferred_label_before_the_queue_is_long) {
  request.prefer = {{"region", "eu"}};
  self.labels = {{"region", "us"}};
  peers[2].labels = {{"region", "eu"}};
  EXPECT_EQ(place_it(), on("d", reason::label));
  self.labels = {{"region", "eu"}};
  EXPECT_EQ(place_it(), here(reason::local));
}

TEST_F(a_placement, prefers_a_label_to_less_load_but_not_to_a_full_node) {
  overload();
  request.prefer = {{"region", "eu"}};
  peers[2].labels = {{"region", "eu"}};
  peers[2].load = {.queued = 9, .in_flight = 10, .max_in_flight = 10};
  EXPECT_EQ(place_it(), on("d", reason::local_overloaded));
  peers[2].load.queued = threshold;
  EXPECT_EQ(place_it(), on("b", reason::local_overloaded));
}

TEST_F(a_placement, counts_how_many_of_the_preferred_labels_match) {
  request.prefer = {{"region", "eu"}, {"disk", "fast"}};
  peers[0].labels = {{"region", "eu"}};
  peers[1].labels = {{"region", "eu"}, {"disk", "fast"}};
  self.labels = {{"disk", "fast"}};
  EXPECT_EQ(place_it(), on("c", reason::label));
}

TEST_F(a_placement, takes_self_for_the_value_of_the_own_node) {
  overload();
  request.require = {{"region", "$self"}};
  peers[2].labels = self.labels = {{"region", "eu"}};
  peers[1].labels = {{"region", "us"}};
  EXPECT_EQ(place_it(), on("d", reason::local_overloaded));
  self.labels.clear();
  EXPECT_EQ(place_it(), nowhere(reason::label)) << "it has none itself";
}

TEST_F(a_placement, goes_where_the_circuit_is_closed) {
  self.circuit_open = true;
  peers[0].circuit_open = true;
  EXPECT_EQ(place_it(), on("c", reason::circuit_open));
  peers[1].circuit_open = peers[2].circuit_open = true;
  EXPECT_EQ(place_it(), here(reason::nobody_better))
      << "the server fails for all";
}

TEST_F(a_placement, tells_why_an_event_is_placed_again) {
  overload();
  request.moved_because = reason::peer_lost;
  request.avoid = "b";
  EXPECT_EQ(place_it(), on("c", reason::peer_lost));
  self.load.queued = 0;
  EXPECT_EQ(place_it(), here(reason::local));
}

TEST_F(a_placement, spreads_what_leaves_by_the_power_of_two_choices) {
  const auto seed = test::first_seed();
  SCOPED_TRACE(test::seed_trace(seed));
  std::mt19937 random{seed};
  self.roles = {role::intake};
  peers.clear();
  for (int i = 0; i < 10; ++i) {
    peers.push_back(node("peer-" + std::to_string(i)));
    peers.back().load.max_in_flight = 1'000;
  }
  for (int i = 0; i < 1'000; ++i) {
    const auto chosen =
        place(request, self, peers, threshold, [&](std::size_t below) {
          return test::between(random, std::size_t{0}, below - 1);
        });
    for (auto& peer : peers)
      if (peer.name == chosen.peer)
        ++peer.load.in_flight;
  }
  for (const auto& peer : peers)
    EXPECT_NEAR(static_cast<double>(peer.load.in_flight), 100, 10) << peer.name;
}

TEST(may_run, does_not_ask_for_load_and_credit) {
  const candidate self{.name = "self"};
  candidate node{.name = "b", .roles = {role::runner}, .has_credit = false};
  node.load = {.queued = 1'000, .in_flight = 10, .max_in_flight = 10};
  const placement_request request{.needed = role::runner};
  EXPECT_TRUE(may_run(request, self, node));
  node.suspect = true;
  EXPECT_FALSE(may_run(request, self, node));
}

TEST(a_reason, has_a_word_for_the_metric) {
  for (const auto why :
       {reason::local, reason::nobody_better, reason::local_overloaded,
        reason::circuit_open, reason::role, reason::label, reason::ordering_key,
        reason::peer_lost, reason::drain, reason::unavailable})
    EXPECT_NE(to_string(why), "unknown");
  EXPECT_EQ(to_string(reason::local_overloaded), "local_overloaded");
}

} // namespace

} // namespace mfo::cluster
