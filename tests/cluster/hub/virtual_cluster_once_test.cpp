// What nodes hold for each other, and do once together, in virtual time.

#include "tests/cluster/hub/virtual_nodes.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;

TEST_F(virtual_nodes, hold_copies_until_an_event_has_ended) {
  auto& a = start("a");
  auto& b = start("b");
  ASSERT_TRUE(agree_within(2s));
  a.takes = 5s;
  a.give("1", true);
  ASSERT_TRUE(
      all.comes_true([&] { return all.stories["1"].acknowledged == 1; }, 1s));
  all.run_for(1s);
  EXPECT_EQ(b.report().copies.held.load(), 1u);
  ASSERT_TRUE(all.comes_true([&] { return has_ended("1"); }, 6s));
  all.run_for(1s);
  EXPECT_EQ(b.report().copies.held.load(), 0u);
  EXPECT_TRUE(all.is_clean());
}

TEST_F(virtual_nodes, take_over_the_events_of_one_that_vanishes) {
  auto& a = start("a");
  start("b");
  start("c");
  ASSERT_TRUE(agree_within(2s));
  a.takes = 1h;
  for (int i = 0; i < 20; ++i)
    a.give(std::to_string(i), true);
  all.run_for(1s);
  all.vanish("a");
  all.run_for(15s);
  for (int i = 0; i < 20; ++i) {
    const auto& story = all.stories[std::to_string(i)];
    EXPECT_EQ(story.acknowledged, 1) << i;
    EXPECT_EQ(story.runs, 1) << i;
    EXPECT_EQ(story.inherited_ends, 1) << i;
  }
  EXPECT_TRUE(all.is_clean());
}

TEST_F(virtual_nodes, have_others_hold_what_they_took_over) {
  for (const auto* name : {"a", "b", "c"})
    start(name).takes = 1h;
  ASSERT_TRUE(agree_within(2s));
  all.find("a")->give("1", true);
  all.run_for(1s);
  all.vanish("a");
  const auto runs = [&](const auto* name) {
    return all.find(name)->running == 1;
  };
  ASSERT_TRUE(all.comes_true([&] { return runs("b") || runs("c"); }, 15s));
  const auto* second = runs("b") ? "b" : "c";
  const auto* third = runs("b") ? "c" : "b";
  all.run_for(10s);
  all.find(third)->takes = 20ms;
  all.vanish(second);
  all.run_for(15s);
  EXPECT_EQ(all.stories["1"].runs, 1);
  EXPECT_EQ(all.stories["1"].acknowledged, 1) << "once";
  EXPECT_TRUE(all.is_clean());
}

TEST_F(virtual_nodes, have_others_hold_it_as_soon_as_there_are_any) {
  for (const auto* name : {"a", "b"})
    start(name).takes = 1h;
  ASSERT_TRUE(agree_within(2s));
  all.find("a")->give("1", true);
  all.run_for(1s);
  all.vanish("a");
  ASSERT_TRUE(all.comes_true([&] { return all.find("b")->running == 1; }, 15s));
  start("c");
  all.run_for(10s);
  all.vanish("b");
  all.run_for(15s);
  EXPECT_EQ(all.stories["1"].runs, 1);
  EXPECT_TRUE(all.is_clean());
}

TEST_F(virtual_nodes, run_once_what_they_hold_for_two_that_are_gone) {
  for (const auto* name : {"a", "b", "c"})
    start(name).takes = 1h;
  ASSERT_TRUE(agree_within(2s));
  for (int i = 0; i < 20; ++i)
    all.find("a")->give(std::to_string(i), true);
  all.run_for(1s);
  all.vanish("a");
  ASSERT_TRUE(all.comes_true(
      [&] { return all.find("b")->running + all.find("c")->running == 20; },
      15s));
  all.run_for(10s);
  all.find("c")->takes = 20ms;
  const auto here = all.find("c")->running;
  all.vanish("b");
  all.run_for(15s);
  int runs = 0;
  for (int i = 0; i < 20; ++i)
    runs += all.stories[std::to_string(i)].runs;
  EXPECT_EQ(runs + here, 20);
}

TEST_F(virtual_nodes, take_over_as_soon_as_they_have_room) {
  auto& a = start("a");
  auto& b = start("b");
  ASSERT_TRUE(agree_within(2s));
  a.takes = 1h;
  a.give("1", true);
  all.run_for(1s);
  b.has_room = false;
  all.vanish("a");
  all.run_for(15s);
  EXPECT_EQ(all.stories["1"].runs, 0);
  b.has_room = true;
  all.run_for(1s);
  EXPECT_EQ(all.stories["1"].runs, 1);
  EXPECT_TRUE(all.is_clean());
}

TEST_F(virtual_nodes, let_copies_go_of_one_that_was_only_cut_off) {
  auto& a = start("a");
  start("b");
  ASSERT_TRUE(agree_within(2s));
  a.takes = 9s;
  a.give("1", true);
  all.run_for(1s);
  ASSERT_EQ(all.stories["1"].acknowledged, 1);
  all.cut("a", "b");
  all.run_for(20s);
  EXPECT_EQ(all.stories["1"].ends.size(), 1u);
  EXPECT_EQ(all.stories["1"].inherited_ends, 1) << "b had to";
  all.heal();
  all.run_for(20s);
  EXPECT_TRUE(all.agrees());
  EXPECT_TRUE(all.is_clean());
}

TEST_F(virtual_nodes, know_a_delivery_again_wherever_it_comes) {
  dedup = true;
  auto& a = start("a");
  auto& b = start("b");
  auto& c = start("c");
  ASSERT_TRUE(agree_within(2s));
  for (int i = 0; i < 12; ++i) {
    const auto id = std::to_string(i);
    a.takes = 500ms;
    a.give(id);
    ASSERT_TRUE(all.comes_true([&] { return a.running == 1; }, 1s)) << id;
    b.give(id);
    all.run_for(300ms);
    ASSERT_EQ(all.stories[id].ends.size(), 1u) << id;
    EXPECT_EQ(all.stories[id].ends[0].error, core::errc::in_progress) << id;
    all.run_for(1s);
    c.give(id);
    all.run_for(300ms);
    ASSERT_EQ(all.stories[id].ends.size(), 3u) << id;
    EXPECT_TRUE(all.stories[id].ends[1].delivered()) << id;
    EXPECT_EQ(all.stories[id].ends[2].error, core::errc::duplicate) << id;
    EXPECT_EQ(all.stories[id].runs, 1) << id;
  }
}

TEST_F(virtual_nodes, know_deliveries_that_a_node_knew_which_has_left) {
  dedup = true;
  auto& a = start("a");
  auto& b = start("b");
  start("c");
  ASSERT_TRUE(agree_within(2s));
  for (int i = 0; i < 12; ++i)
    b.give(std::to_string(i));
  all.run_for(1s);
  b.drain();
  all.run_for(1s);
  b.leave();
  all.run_for(1s);
  all.vanish("b");
  all.run_for(1s);
  for (int i = 0; i < 12; ++i)
    a.give(std::to_string(i));
  all.run_for(1s);
  for (int i = 0; i < 12; ++i)
    EXPECT_EQ(all.stories[std::to_string(i)].runs, 1) << i;
}

TEST_F(virtual_nodes, fire_a_tick_once_also_when_one_has_just_vanished) {
  auto& a = start("a");
  auto& b = start("b");
  auto& c = start("c");
  ASSERT_TRUE(agree_within(2s));
  for (int i = 0; i < 20; ++i)
    for (auto* each : {&a, &b, &c})
      each->schedule_due("nightly/" + std::to_string(i));
  all.run_for(1s);
  EXPECT_EQ(a.fired + b.fired + c.fired, 20);
  a.fired = b.fired = 0;
  all.vanish("c");
  for (int i = 20; i < 40; ++i)
    for (auto* each : {&a, &b})
      each->schedule_due("nightly/" + std::to_string(i));
  all.run_for(30s);
  EXPECT_EQ(a.fired + b.fired, 20);
}

} // namespace

} // namespace mfo::cluster::test
