#include "cluster/claims/claim_desk.hpp"

#include "cluster/rules/rendezvous.hpp"
#include "tests/cluster/claims/claim_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using test::claim_world;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using kind = tick_verdict;

/// Nodes that all may fire the trigger "report", and a tick that is due.
struct a_tick : testing::Test {
  void start(const std::vector<std::string>& who) {
    names = who;
    for (const auto& name : names)
      world.start(name);
    world.link_all();
    world.show_all();
    world.run_for(world.settings.overdue + 1s);
    due();
  }

  /// All that were started are linked and seen.
  void join() {
    world.link_all();
    world.show_all();
    world.run_for(100ms);
  }

  /// The next tick is due now.
  void due() {
    tick = {.trigger = "report", .tick = world.unix_now()};
  }

  kind come(const std::string& node) {
    const auto what =
        world.at(node).desk.tick(tick, names, world.now(), world.unix_now());
    at_once += what == kind::fire ? 1 : 0;
    return what;
  }

  void come_to_all() {
    for (const auto& name : world.names_up())
      come(name);
    world.run_for(100ms);
  }

  /// How often ticks were fired so far.
  std::size_t fires() {
    auto sum = at_once;
    for (const auto& name : world.names_up())
      sum += world.at(name).fires.size();
    return sum;
  }

  std::string owner() {
    return owner_of("report", names);
  }

  /// Who would follow the owner.
  std::string next_owner() {
    return owners_of("report", names, 2)[1];
  }

  claim_world world;
  std::vector<std::string> names;
  tick_record tick;
  std::size_t at_once = 0;
};

TEST_F(a_tick, is_fired_at_once_by_a_node_alone) {
  start({"a"});
  EXPECT_EQ(come("a"), kind::fire);
  EXPECT_EQ(come("a"), kind::fired);
  EXPECT_EQ(world.at("a").desk.counts().fired, 1u);
}

TEST_F(a_tick, is_fired_by_one_of_several_nodes) {
  start({"a", "b", "c", "d"});
  for (int i = 0; i < 20; ++i) {
    come_to_all();
    EXPECT_EQ(fires(), i + 1u);
    for (const auto& name : names) {
      EXPECT_EQ(world.at(name).desk.ticks(), 0u) << "all know of it";
      EXPECT_EQ(come(name), kind::fired);
    }
    world.run_for(1min);
    due();
  }
  EXPECT_EQ(world.at(owner()).desk.counts().fired, 20u);
}

TEST_F(a_tick, is_fired_when_its_owner_has_died_before) {
  start({"a", "b", "c"});
  const auto next = next_owner();
  world.crash(owner());
  come_to_all();
  EXPECT_EQ(fires(), 0u) << "nobody knows yet";
  world.run_for(3s);
  world.show_all();
  world.run_for(1s);
  EXPECT_EQ(fires(), 1u);
  EXPECT_THAT(world.at(next).fires, ElementsAre(tick));
}

TEST_F(a_tick, is_not_fired_again_when_its_owner_dies_later) {
  start({"a", "b", "c"});
  come_to_all();
  EXPECT_EQ(fires(), 1u);
  world.crash(owner());
  world.show_all();
  world.run_for(40s);
  EXPECT_THAT(world.at(next_owner()).fires, IsEmpty());
}

TEST_F(a_tick, is_fired_when_its_owner_died_while_it_claimed_it) {
  start({"a", "b", "c"});
  while (owner_of(tick_id(tick), names) == owner()) {
    world.run_for(1s);
    due();
  }
  EXPECT_EQ(come(owner()), kind::pending);
  world.run_for(2ms); // the claim is made, and the answer under way
  EXPECT_EQ(world.at(owner_of(tick_id(tick), names)).desk.owned(), 1u);
  world.crash(owner());
  come_to_all();
  EXPECT_EQ(fires(), 0u);
  world.show_all();
  world.run_for(7s);
  EXPECT_EQ(fires(), 1u);
}

TEST_F(a_tick, is_fired_by_the_next_when_its_owner_does_not_know_of_it) {
  start({"a", "b", "c"});
  for (const auto& name : names)
    if (name != owner()) {
      EXPECT_EQ(come(name), kind::not_ours);
    }
  world.run_for(4s);
  EXPECT_EQ(fires(), 0u);
  world.run_for(2s);
  EXPECT_EQ(fires(), 1u);
  EXPECT_THAT(world.at(next_owner()).fires, ElementsAre(tick));
  EXPECT_EQ(come(owner()), kind::fired) << "it comes to know too late";
}

TEST_F(a_tick, is_not_left_to_an_owner_that_was_started_anew) {
  start({"a", "b"});
  const auto last = next_owner();
  EXPECT_EQ(come(last), kind::not_ours);
  world.start(owner());
  world.link_all();
  world.show_all();
  world.run_for(100ms);
  EXPECT_THAT(world.at(last).fires, ElementsAre(tick));
}

TEST_F(a_tick, is_not_left_to_one_by_whose_clock_it_may_be_over_since_it_came) {
  start({"a", "b", "c", "d", "e"});
  const auto last = owners_of("report", names, 5)[4];
  for (const auto& name : names)
    if (name != last)
      world.start(name);
  join();
  come(last);
  world.run_for(1s);
  EXPECT_EQ(fires(), 1u);
}

TEST_F(a_tick, is_fired_once_where_all_have_just_come) {
  start({"a", "b", "c", "d", "e"});
  for (const auto& name : names)
    world.start(name);
  join();
  come_to_all();
  world.run_for(10s);
  EXPECT_EQ(fires(), 1u);
  for (const auto& name : names)
    EXPECT_EQ(world.at(name).desk.ticks(), 0u);
}

TEST_F(a_tick, is_left_to_its_owner_that_was_suspected_for_a_while) {
  start({"a", "b"});
  auto& node = world.at(next_owner());
  node.suspects = {owner()};
  world.show(node);
  node.suspects.clear();
  world.show(node);
  EXPECT_EQ(come(next_owner()), kind::not_ours);
}

TEST_F(a_tick, is_no_business_of_one_that_may_not_fire_it) {
  start({"a", "b"});
  names = {"a"};
  EXPECT_EQ(come("b"), kind::not_ours);
  EXPECT_EQ(world.at("b").desk.ticks(), 0u);
  names.clear();
  EXPECT_EQ(come("a"), kind::not_ours);
  EXPECT_EQ(world.at("a").desk.ticks(), 0u);
}

TEST_F(a_tick, is_told_to_a_node_that_has_come) {
  start({"a", "b"});
  come_to_all();
  EXPECT_EQ(fires(), 1u);
  world.crash(owner()); // the other one tells
  names.emplace_back("c");
  world.start("c");
  world.link_all();
  world.show_all();
  world.run_for(100ms);
  EXPECT_EQ(come("c"), kind::fired);
}

TEST_F(a_tick, is_fired_once_where_two_think_that_it_is_theirs) {
  start({"a", "b", "c"});
  names = {"a"};
  come("a");
  names = {"b"};
  come("b");
  world.run_for(100ms);
  EXPECT_EQ(fires(), 1u);
  world.run_for(10s);
  EXPECT_EQ(fires(), 1u);
  EXPECT_EQ(world.at("a").desk.ticks() + world.at("b").desk.ticks(), 0u);
}

TEST_F(a_tick, is_missed_when_it_is_too_late) {
  start({"a"});
  world.run_for(31s);
  EXPECT_EQ(come("a"), kind::missed);
  EXPECT_EQ(world.at("a").desk.counts().missed, 1u);
}

TEST_F(a_tick, is_kept_for_the_grace) {
  world.settings.overdue = 1h; // its owner is trusted for too long
  start({"a", "b"});
  EXPECT_EQ(come(next_owner()), kind::not_ours);
  world.run_for(31s);
  auto& node = world.at(next_owner());
  node.sees.erase(owner());
  world.show(node);
  world.run_for(1s);
  EXPECT_THAT(node.fires, IsEmpty());
  EXPECT_EQ(node.desk.ticks(), 0u);
  EXPECT_EQ(node.desk.counts().missed, 1u);
}

TEST_F(a_tick, is_the_same_one_when_it_comes_twice) {
  start({"a", "b"});
  EXPECT_EQ(come(next_owner()), kind::not_ours);
  EXPECT_EQ(come(next_owner()), kind::not_ours);
  EXPECT_EQ(world.at(next_owner()).desk.ticks(), 1u);
}

TEST_F(a_tick, for_which_there_is_no_room_is_fired_by_its_owner_at_once) {
  world.settings.max_ticks = 0;
  start({"a", "b"});
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(come(next_owner()), kind::not_ours);
    EXPECT_EQ(come(owner()), kind::fire);
    world.run_for(1s);
    due();
  }
  EXPECT_EQ(world.at(next_owner()).desk.ticks(), 0u);
  EXPECT_EQ(world.at(next_owner()).desk.counts().unkept, 20u);
  EXPECT_EQ(fires(), 20u);
}

TEST_F(a_tick, of_a_trigger_that_is_gone_is_forgotten) {
  start({"a", "b"});
  EXPECT_EQ(come(next_owner()), kind::not_ours);
  auto& node = world.at(next_owner());
  node.desk.forget("repo");
  EXPECT_EQ(node.desk.ticks(), 1u);
  node.desk.forget("report");
  EXPECT_EQ(node.desk.ticks(), 0u);
  world.run_for(10s);
  EXPECT_THAT(node.fires, IsEmpty());
}

TEST_F(a_tick, counts_as_fired_when_a_later_one_was) {
  start({"a", "b"});
  const auto first = tick;
  EXPECT_EQ(come(next_owner()), kind::not_ours);
  world.run_for(1s);
  due();
  come_to_all();
  EXPECT_EQ(fires(), 1u);
  EXPECT_EQ(world.at(next_owner()).desk.ticks(), 0u);
  tick = first;
  EXPECT_EQ(come(next_owner()), kind::fired);
}

TEST_F(a_tick, of_a_trigger_with_a_long_name_is_fired_all_the_same) {
  start({"a", "b"});
  tick.trigger = std::string(300, 'x');
  come_to_all();
  world.run_for(40s);
  EXPECT_EQ(fires(), 1u);
}

} // namespace

} // namespace mfo::cluster
