// Clusters of 2 to 128 nodes in virtual time: what each kind of failure leads
// to, and within which time.

#include "tests/cluster/membership/agreement.hpp"
#include "tests/cluster/membership/simulated_network.hpp"
#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;
using mfo::test::between;
using mfo::test::first_seed;
using mfo::test::seed_trace;
using state = member_state;

/// A network with this many nodes, which have found each other.
struct simulation : testing::Test {
  void begin(std::size_t count, std::size_t seed_count = 1) {
    names = names_of(count);
    start_all(network, names, seed_count);
    network.run_for(10s);
    ASSERT_TRUE(agree(network));
    network.reports.clear();
  }

  /// Each observer reports `what` of `member` from now on within `limit`.
  void expect_report(const std::string& member, state what,
                     simulated_network::time since,
                     simulated_network::time limit) {
    for (const auto& observer : network.live_hosts()) {
      if (observer == member)
        continue;
      const auto at = first_report(network, observer, member, what, since);
      ASSERT_TRUE(at) << observer << " says nothing of " << member;
      EXPECT_LE(*at - since, limit) << observer << " is late";
    }
  }

  const unsigned seed = first_seed();
  const testing::ScopedTrace trace{__FILE__, __LINE__, seed_trace(seed)};
  simulated_network network{seed};
  const membership_settings settings{};
  const simulated_network::time slack =
      network.most_delay + tick_interval(settings);
  std::vector<std::string> names;
};

TEST_F(simulation, clusters_of_any_size_find_each_other_by_one_seed) {
  for (const std::size_t count : {2, 3, 8, 32}) {
    SCOPED_TRACE(count);
    simulated_network fresh{seed};
    start_all(fresh, names_of(count), 1);
    fresh.run_for(count < 32 ? 4s : 6s);
    EXPECT_TRUE(agree(fresh));
    EXPECT_EQ(reports_of(fresh, state::dead), 0u);
  }
}

TEST_F(simulation, nodes_that_all_dial_each_other_at_once_end_with_one_link) {
  begin(8, 8);
  network.run_for(10s);
  EXPECT_TRUE(network.reports.empty()) << "the spare links closed silently";
}

TEST_F(simulation, nobody_is_suspected_while_nothing_fails) {
  std::mt19937 random{seed};
  for (const auto& name : names_of(8))
    network.set_wall_clock(name, between(random, -60, 60) * 60s);
  begin(8, 2);
  const auto dials = network.dials_of("node-000");
  network.run_for(120s);
  EXPECT_TRUE(network.reports.empty());
  EXPECT_EQ(network.dials_of("node-000"), dials);
}

TEST_F(simulation, a_killed_node_is_suspect_at_once_and_dead_in_time) {
  begin(8);
  const auto at = network.now();
  network.crash("node-003");
  network.run_for(7s);
  expect_report("node-003", state::suspect, at, slack);
  expect_report("node-003", state::dead, at, settings.dead_after + slack);
  EXPECT_TRUE(agree(network));
}

TEST_F(simulation, a_node_without_power_is_suspect_and_dead_in_time) {
  begin(8);
  const auto at = network.now();
  network.lose_power("node-003");
  network.run_for(7s);
  expect_report("node-003", state::suspect, at, settings.suspect_after + slack);
  expect_report("node-003", state::dead, at, settings.dead_after + slack);
  EXPECT_TRUE(agree(network));
}

TEST_F(simulation, a_node_that_leaves_is_never_taken_for_dead) {
  begin(8);
  const auto at = network.now();
  network.leave("node-000");
  network.run_for(700ms);
  EXPECT_TRUE(network.at("node-000").has_left());
  expect_report("node-000", state::left, at, slack);
  network.crash("node-000");
  network.run_for(20s);
  EXPECT_EQ(reports_of(network, state::suspect), 0u);
  EXPECT_EQ(reports_of(network, state::dead), 0u);
  EXPECT_TRUE(agree(network));
}

TEST_F(simulation, a_restarted_node_is_alive_again_everywhere) {
  for (const auto away : {0ms, 50ms, 3'000ms, 8'000ms}) {
    SCOPED_TRACE(away.count());
    simulated_network fresh{seed};
    start_all(fresh, names_of(8), 2);
    fresh.run_for(5s);
    fresh.crash("node-001");
    fresh.run_for(away);
    fresh.start("node-001");
    fresh.run_for(6s);
    EXPECT_TRUE(agree(fresh));
  }
}

TEST_F(simulation, a_node_that_restarts_while_its_links_hang_is_let_in) {
  begin(8, 2);
  network.lose_power("node-001");
  network.run_for(100ms);
  network.start("node-001");
  network.run_for(10s);
  EXPECT_TRUE(agree(network));
}

TEST_F(simulation, a_node_whose_clock_went_back_raises_its_incarnation) {
  begin(5);
  network.crash("node-002");
  network.set_wall_clock("node-002", -1h);
  network.start("node-002");
  network.run_for(20s);
  EXPECT_TRUE(agree(network));
  const auto raised = std::count_if(
      network.notices.begin(), network.notices.end(), [](const auto& each) {
        return each.first == "node-002" &&
               each.second.kind == orders::notice_kind::incarnation_raised;
      });
  EXPECT_EQ(raised, 1);
}

TEST_F(simulation, two_nodes_of_one_name_leave_it_to_the_linked_one) {
  begin(4);
  const auto holder = network.at("node-002").own_hello(0).card.born;
  network.start("node-002", "twin");
  network.run_for(30s);
  EXPECT_EQ(network.at("twin").snapshot()->alive_names().size(), 1u)
      << "nobody lets it in";
  for (const auto& name : names)
    EXPECT_EQ(network.at(name).snapshot()->find("node-002")->card->born,
              holder);
  EXPECT_TRUE(network.reports.empty());
  ASSERT_FALSE(network.refusals.empty());
  for (const auto& why : network.refusals)
    EXPECT_TRUE(why.code == refusal_code::name_taken ||
                why.code == refusal_code::name_is_mine)
        << why.text;
}

TEST_F(simulation, after_a_partition_the_tables_are_equal_within_10_s) {
  begin(9, 2);
  network.isolate({"node-000", "node-003", "node-004", "node-008"});
  network.run_for(60s);
  EXPECT_EQ(network.at("node-000").snapshot()->alive_names().size(), 4u);
  EXPECT_EQ(network.at("node-001").snapshot()->alive_names().size(), 5u);
  network.heal();
  network.run_for(10s);
  EXPECT_TRUE(agree(network));
}

TEST_F(simulation, healing_does_not_make_the_own_side_look_dead) {
  begin(6, 2);
  network.isolate({"node-000", "node-001", "node-002"});
  network.run_for(30s);
  network.reports.clear();
  network.heal();
  network.run_for(10s);
  EXPECT_TRUE(agree(network));
  for (const auto& each : network.reports)
    EXPECT_EQ(each.change.to, state::alive)
        << each.observer << " of " << each.change.member << ": "
        << each.change.reason;
}

TEST_F(simulation, a_pair_without_a_link_hears_of_each_other_by_others) {
  begin(4);
  network.cut_both("node-000", "node-003");
  network.run_for(60s);
  EXPECT_EQ(reports_of(network, state::dead), 0u);
  const auto view = network.at("node-000").snapshot();
  EXPECT_EQ(view->find("node-003")->state, state::alive);
  EXPECT_FALSE(view->find("node-003")->is_reachable());
  network.heal();
  network.run_for(10s);
  EXPECT_TRUE(agree(network));
}

TEST_F(simulation, what_is_lost_one_way_kills_nobody) {
  begin(4);
  network.cut("node-000", "node-003");
  network.run_for(60s);
  EXPECT_EQ(reports_of(network, state::dead), 0u);
  network.heal();
  network.run_for(10s);
  EXPECT_TRUE(agree(network));
}

TEST_F(simulation, a_third_of_the_heartbeats_may_be_lost) {
  begin(8);
  network.loss = 0.3;
  network.run_for(60s);
  EXPECT_EQ(reports_of(network, state::dead), 0u);
  network.heal();
  network.run_for(10s);
  EXPECT_TRUE(agree(network));
}

TEST_F(simulation, a_link_that_flaps_is_not_dialled_all_the_time) {
  begin(4);
  const auto dials = network.dials_of("node-000");
  for (int i = 0; i < 120; ++i) {
    network.break_links("node-000", "node-001");
    network.run_for(500ms);
  }
  EXPECT_LE(network.dials_of("node-000") - dials, 25u) << "in a minute";
  EXPECT_EQ(reports_of(network, state::dead), 0u);
  network.run_for(10s);
  EXPECT_TRUE(agree(network));
}

TEST_F(simulation, members_that_are_gone_are_dialled_with_patience) {
  begin(8, 3);
  for (std::size_t i = 1; i < 8; ++i)
    network.lose_power(names[i]);
  network.run_for(60s);
  const auto dials = network.dials_of("node-000");
  network.run_for(60s);
  EXPECT_LE(network.dials_of("node-000") - dials, 7u * 15) << "in a minute";
  EXPECT_GE(network.dials_of("node-000") - dials, 7u * 6);
}

TEST_F(simulation, a_stopped_process_finds_back_and_accuses_nobody) {
  begin(6, 2);
  network.pause("node-002");
  network.run_for(20s);
  EXPECT_EQ(network.at("node-000").snapshot()->find("node-002")->state,
            state::dead);
  network.resume("node-002");
  network.run_for(10s);
  EXPECT_TRUE(agree(network));
  for (const auto& each : network.reports)
    if (each.observer == "node-002") {
      EXPECT_NE(each.change.to, state::dead) << each.change.member;
    }
}

TEST_F(simulation, a_node_that_moves_to_another_address_is_found_by_the_seeds) {
  begin(3, 1);
  network.crash("node-000");
  network.seeds = {{.host = "node-000", .port = 7420},
                   {.host = "node-001", .port = 7420}};
  network.start("node-000", "elsewhere");
  network.run_for(40s);
  for (const auto& name : {"elsewhere", "node-001", "node-002"})
    EXPECT_EQ(network.at(name).snapshot()->alive_names().size(), 3u) << name;
  EXPECT_EQ(
      network.at("node-001").snapshot()->find("node-000")->card->where.host,
      "elsewhere");
}

TEST_F(simulation, the_dead_are_forgotten_everywhere_and_stay_so) {
  begin(5);
  network.crash("node-004");
  network.run_for(settings.forget_after + 10s);
  network.reports.clear();
  network.run_for(60s);
  EXPECT_TRUE(network.reports.empty());
  for (const auto& name : network.live_hosts())
    EXPECT_FALSE(network.at(name).snapshot()->find("node-004")) << name;
}

TEST_F(simulation, of_128_nodes_works_and_its_orders_stay_bounded) {
  const auto many = names_of(128);
  start_all(network, many, 3);
  network.run_for(4s);
  EXPECT_TRUE(agree(network));
  EXPECT_LE(network.most_orders(), 3 * 128u + 32);
  EXPECT_EQ(reports_of(network, state::dead), 0u);
}

} // namespace

} // namespace mfo::cluster::test
