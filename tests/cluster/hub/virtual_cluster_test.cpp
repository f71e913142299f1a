// Hubs of several nodes over CAF's own network layer, in virtual time.

#include "tests/cluster/hub/virtual_nodes.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;

constexpr role_set only_intake{role::intake};
constexpr role_set only_connector{role::connector};

TEST_F(virtual_nodes, find_each_other_by_the_first_of_them) {
  for (const auto* name : {"a", "b", "c", "d", "e"})
    start(name);
  EXPECT_TRUE(agree_within(2s));
  EXPECT_TRUE(all.find("e")->has_logged("link up"));
}

TEST_F(virtual_nodes, agree_also_when_bytes_take_their_time) {
  all.hold_back = 0.8;
  for (const auto* name : {"a", "b", "c", "d", "e"})
    start(name);
  EXPECT_TRUE(agree_within(10s));
}

TEST_F(virtual_nodes, keep_what_is_between_them_for_hours) {
  start("a");
  start("b");
  ASSERT_TRUE(agree_within(2s));
  all.run_for(10min);
  EXPECT_TRUE(all.agrees());
  EXPECT_FALSE(all.find("a")->has_logged("link ended"));
}

TEST_F(virtual_nodes, run_an_event_where_it_came_in) {
  auto& a = start("a");
  auto& b = start("b");
  ASSERT_TRUE(agree_within(2s));
  a.give("1");
  ASSERT_TRUE(all.comes_true([&] { return a.running == 1; }, 1s));
  EXPECT_EQ(b.running, 0);
  all.run_for(1s);
  expect_delivered("1");
  EXPECT_TRUE(all.is_clean());
}

TEST_F(virtual_nodes, have_an_event_run_by_who_has_the_role) {
  auto& a = start("a", only_intake);
  auto& b = start("b", only_connector);
  ASSERT_TRUE(agree_within(2s));
  a.give("1");
  ASSERT_TRUE(all.comes_true([&] { return b.running == 1; }, 1s));
  all.run_for(1s);
  expect_delivered("1");
  EXPECT_TRUE(all.is_clean());
}

TEST_F(virtual_nodes, share_what_is_too_much_for_one) {
  auto& a = start("a");
  start("b");
  start("c");
  ASSERT_TRUE(agree_within(2s));
  a.queued = 100;
  all.run_for(1s);
  for (int i = 0; i < 50; ++i)
    a.give(std::to_string(i));
  ASSERT_TRUE(all.comes_true([&] {
    return all.find("b")->running > 0 && all.find("c")->running > 0;
  }));
  all.run_for(2s);
  for (int i = 0; i < 50; ++i)
    expect_delivered(std::to_string(i));
  EXPECT_TRUE(all.is_clean());
}

TEST_F(virtual_nodes, place_an_event_again_when_its_node_vanishes) {
  auto& a = start("a", only_intake);
  auto& b = start("b", only_connector);
  ASSERT_TRUE(agree_within(2s));
  b.takes = 1h;
  a.give("1");
  ASSERT_TRUE(all.comes_true([&] { return b.running == 1; }, 1s));
  start("c", only_connector);
  ASSERT_TRUE(agree_within(2s));
  all.vanish("b");
  ASSERT_TRUE(all.comes_true([&] { return has_ended("1"); }, 2s));
  expect_delivered("1");
  EXPECT_EQ(all.stories["1"].runs, 1);
  all.run_for(1s);
  EXPECT_TRUE(all.is_clean());
}

TEST_F(virtual_nodes, place_an_event_again_when_its_node_is_only_silent) {
  auto& a = start("a", only_intake);
  auto& b = start("b", only_connector);
  ASSERT_TRUE(agree_within(2s));
  b.takes = 1h;
  a.give("1");
  ASSERT_TRUE(all.comes_true([&] { return b.running == 1; }, 1s));
  start("c", only_connector);
  ASSERT_TRUE(agree_within(2s));
  all.lose_power("b");
  // Within what the detector needs.
  ASSERT_TRUE(all.comes_true([&] { return has_ended("1"); }, 6s));
  expect_delivered("1");
}

TEST_F(virtual_nodes, know_a_node_again_that_was_started_anew) {
  start("a");
  start("b");
  start("c");
  ASSERT_TRUE(agree_within(2s));
  all.vanish("b");
  EXPECT_TRUE(all.comes_true(
      [&] { return all.find("a")->sees("b") == member_state::dead; }, 6s));
  start("b");
  EXPECT_TRUE(agree_within(8s));
}

TEST_F(virtual_nodes, know_it_again_before_they_have_missed_it) {
  start("a");
  start("b");
  start("c");
  ASSERT_TRUE(agree_within(2s));
  all.lose_power("b");
  start("b");
  EXPECT_TRUE(agree_within(15s));
}

TEST_F(virtual_nodes, give_a_node_that_drains_no_work) {
  auto& a = start("a", only_intake);
  auto& b = start("b", only_connector);
  auto& c = start("c", only_connector);
  ASSERT_TRUE(agree_within(2s));
  b.takes = c.takes = 300ms;
  for (int i = 0; i < 20; ++i)
    a.give("before " + std::to_string(i));
  ASSERT_TRUE(all.comes_true([&] { return b.running > 0; }, 1s));
  b.drain();
  all.run_for(1s);
  EXPECT_EQ(b.running, 0) << "what it had it has finished";
  for (int i = 0; i < 20; ++i)
    a.give("after " + std::to_string(i));
  ASSERT_TRUE(all.comes_true([&] { return c.running == 20; }, 1s));
  EXPECT_EQ(b.running, 0);
  all.run_for(1s);
  for (int i = 0; i < 20; ++i) {
    expect_delivered("before " + std::to_string(i));
    expect_delivered("after " + std::to_string(i));
  }
}

TEST_F(virtual_nodes, part_from_one_that_says_good_bye) {
  auto& a = start("a");
  auto& b = start("b");
  start("c");
  ASSERT_TRUE(agree_within(2s));
  b.drain();
  b.give("1");
  all.run_for(1s);
  expect_delivered("1");
  b.leave();
  ASSERT_TRUE(all.comes_true([&] { return b.report().left.load(); }, 2s));
  all.vanish("b");
  EXPECT_EQ(a.sees("b"), member_state::left) << "not dead";
  EXPECT_TRUE(all.agrees());
}

TEST_F(virtual_nodes, pass_on_that_a_member_is_asked_to_drain) {
  start("a");
  auto& b = start("b");
  ASSERT_TRUE(agree_within(2s));
  b.say_to("a", drain_atom::value, std::string{"a"});
  b.say_to("a", drain_atom::value, std::string{"nobody"});
  all.run_for(100ms);
  EXPECT_EQ(all.find("a")->drains_asked, 1);
}

TEST_F(virtual_nodes, serve_on_both_sides_of_a_cut_and_agree_when_it_heals) {
  for (const auto* name : {"a", "b", "c", "d"})
    start(name);
  ASSERT_TRUE(agree_within(2s));
  all.isolate("d");
  all.run_for(20s);
  EXPECT_EQ(all.find("a")->sees("d"), member_state::dead);
  EXPECT_EQ(all.find("d")->sees("a"), member_state::dead);
  EXPECT_TRUE(all.find("a")->reaches("b"));
  all.find("a")->give("1");
  all.find("d")->give("2");
  all.run_for(1s);
  expect_delivered("1");
  expect_delivered("2");
  all.heal();
  EXPECT_TRUE(agree_within(10s));
}

TEST_F(virtual_nodes, end_an_event_once_whose_runner_is_cut_off) {
  auto& a = start("a", only_intake);
  auto& b = start("b", only_connector);
  auto& c = start("c", only_connector);
  ASSERT_TRUE(agree_within(2s));
  b.takes = c.takes = 7s;
  a.give("1");
  ASSERT_TRUE(all.comes_true([&] { return b.running + c.running == 1; }, 1s));
  const std::string runner = b.running == 1 ? "b" : "c";
  all.cut("a", runner);
  all.run_for(15s);
  all.heal();
  all.run_for(15s);
  EXPECT_EQ(all.stories["1"].ends.size(), 1u);
  EXPECT_EQ(all.stories["1"].runs, 2) << "at least once";
  EXPECT_TRUE(all.is_clean());
}

TEST_F(virtual_nodes, drop_words_that_they_do_not_know) {
  start("a");
  auto& b = start("b");
  ASSERT_TRUE(agree_within(2s));
  b.say_to("a", caf::atom("tomorrow"), std::uint64_t{1}, std::string{"news"});
  b.say_to("a", caf::atom("work"), std::string{"without a number"});
  b.say_to("a", std::string{"no word at all"});
  b.say_to("a", work_atom::value, std::uint64_t{1}, std::string{"of nobody"});
  all.run_for(10s);
  EXPECT_TRUE(all.agrees());
  EXPECT_FALSE(all.find("a")->has_logged("link ended"));
}

TEST_F(virtual_nodes, of_two_versions_speak_the_one_that_both_know) {
  all.start({.name = "a", .speaks = {.lowest = 1, .highest = 1}});
  all.start({.name = "b", .speaks = {.lowest = 1, .highest = 2}});
  EXPECT_TRUE(agree_within(2s));
  EXPECT_TRUE(all.find("a")->has_logged("\"protocol\":1"));
  EXPECT_TRUE(all.find("b")->has_logged("\"protocol\":1"));
}

TEST_F(virtual_nodes, of_another_cluster_are_refused_and_both_say_why) {
  auto& a = start("a");
  auto& b = all.start({.name = "b", .cluster = "bank"});
  all.run_for(2s);
  EXPECT_FALSE(a.reaches("b"));
  EXPECT_TRUE(a.has_logged("other-cluster"));
  EXPECT_TRUE(b.has_logged("other-cluster"));
}

} // namespace

} // namespace mfo::cluster::test
