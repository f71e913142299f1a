// Events of one ordering key, on hubs with real links.

#include "tests/cluster/hub/hub_node.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace mfo::cluster::test {

namespace {

using support::wait_until;
using testing::ElementsAre;

constexpr role_set takes_in{role::intake};
constexpr role_set delivers{role::connector};

/// All of the ids that begin with `prefix`, in their order.
std::vector<std::string> runs_of(const hub_node& at, char prefix) {
  auto all = at.runner().ids();
  std::erase_if(all, [prefix](const auto& id) { return id.front() != prefix; });
  return all;
}

/// Two nodes that take events in, and one that runs them.
struct ordered_hubs : testing::Test {
  ordered_hubs() {
    runner.runner().holds = true;
    EXPECT_TRUE(wait_until([&] {
      return a.is_linked_to("runner") && b.is_linked_to("runner") &&
             runner.is_linked_to("a") && runner.is_linked_to("b");
    }));
  }

  bool comes_to_run(const std::string& id) {
    return wait_until([&] {
      const auto ran = runner.runner().ids();
      return !ran.empty() && ran.back() == id;
    });
  }

  hub_node runner{{.name = "runner", .roles = delivers}};
  hub_node a{{.name = "a", .roles = takes_in, .seeds = {runner.address()}}};
  hub_node b{{.name = "b", .roles = takes_in, .seeds = {runner.address()}}};
};

TEST_F(ordered_hubs, have_events_of_a_key_run_one_after_the_other) {
  for (const auto* id : {"a1", "a2", "a3"})
    a.give(id, "k");
  for (const auto* id : {"a1", "a2", "a3"}) {
    EXPECT_TRUE(comes_to_run(id));
    runner.runner().end(id);
  }
  EXPECT_THAT(runner.runner().ids(), ElementsAre("a1", "a2", "a3"));
  EXPECT_TRUE(wait_until([&] { return a.report().in_line == 0u; }));
}

TEST_F(ordered_hubs, have_one_of_a_key_run_at_a_time_whosever_it_is) {
  a.give("a1", "k");
  EXPECT_TRUE(comes_to_run("a1"));
  b.give("b1", "k");
  EXPECT_TRUE(wait_until([&] { return runner.report().in_line == 1u; }));
  b.give("b2", "l");
  EXPECT_TRUE(comes_to_run("b2")) << "other keys do not wait";
  runner.runner().end("a1");
  EXPECT_TRUE(comes_to_run("b1"));
}

TEST_F(ordered_hubs, keep_the_order_of_each_origin) {
  runner.runner().holds = false;
  std::vector<std::string> of_a;
  std::vector<std::string> of_b;
  for (int i = 100; i < 200; ++i) {
    of_a.push_back("a" + std::to_string(i));
    of_b.push_back("b" + std::to_string(i));
    a.give(of_a.back(), "k");
    b.give(of_b.back(), "k");
  }
  EXPECT_TRUE(wait_until([&] { return runner.runner().runs == 200; }));
  EXPECT_EQ(runs_of(runner, 'a'), of_a);
  EXPECT_EQ(runs_of(runner, 'b'), of_b);
}

TEST(an_ordered_hub, gives_what_its_runner_has_not_ended_to_another_in_order) {
  hub_node a{{.name = "a", .roles = takes_in}};
  auto first = std::make_unique<hub_node>(hub_node::options{
      .name = "first", .roles = delivers, .seeds = {a.address()}});
  ASSERT_TRUE(wait_until([&] { return a.is_linked_to("first"); }));
  first->runner().holds = true;
  for (const auto* id : {"1", "2", "3"})
    a.give(id, "k");
  ASSERT_TRUE(wait_until([&] { return first->runner().runs == 1; }));
  hub_node second{
      {.name = "second", .roles = delivers, .seeds = {a.address()}}};
  ASSERT_TRUE(wait_until([&] { return a.is_linked_to("second"); }));
  first->stop();
  a.give("4", "k");
  EXPECT_TRUE(wait_until([&] { return second.runner().runs == 4; }));
  EXPECT_THAT(second.runner().ids(), ElementsAre("1", "2", "3", "4"));
}

TEST(an_ordered_hub, runs_events_in_order_when_it_is_alone) {
  hub_node a{{.name = "a"}};
  a.runner().holds = true;
  for (const auto* id : {"1", "2"})
    a.give(id, "k");
  ASSERT_TRUE(wait_until([&] { return a.runner().runs == 1; }));
  EXPECT_TRUE(wait_until([&] { return a.report().in_line == 1u; }));
  a.runner().end("1");
  EXPECT_TRUE(wait_until([&] { return a.runner().runs == 2; }));
  EXPECT_THAT(a.runner().ids(), ElementsAre("1", "2"));
}

TEST(an_ordered_hub, keeps_the_order_whoever_decides_the_claims) {
  hub_node a{{.name = "a", .dedup = true}};
  hub_node b{{.name = "b", .seeds = {a.address()}, .dedup = true}};
  ASSERT_TRUE(
      wait_until([&] { return a.is_linked_to("b") && b.is_linked_to("a"); }));
  // Some ids are owned here, others there.
  std::vector<std::string> ids;
  for (int i = 100; i < 200; ++i) {
    ids.push_back(std::to_string(i));
    a.give(ids.back(), "k");
  }
  const auto& ran_by = [&]() -> hub_node& {
    EXPECT_TRUE(
        wait_until([&] { return a.runner().runs + b.runner().runs == 100; }));
    return a.runner().runs > 0 ? a : b;
  }();
  EXPECT_EQ(ran_by.runner().ids(), ids);
}

TEST(an_ordered_hub, acknowledges_what_waits_for_its_turn) {
  hub_node a{{.name = "a"}};
  hub_node b{{.name = "b", .seeds = {a.address()}}};
  ASSERT_TRUE(
      wait_until([&] { return a.is_linked_to("b") && b.is_linked_to("a"); }));
  a.replicates = true;
  a.runner().holds = true;
  b.runner().holds = true;
  a.give("1", "k");
  a.give("2", "k");
  EXPECT_TRUE(wait_until([&] { return a.acknowledged == 2; }));
  EXPECT_EQ(a.runner().runs + b.runner().runs, 1);
}

TEST(an_ordered_hub, runs_what_it_takes_over_in_order) {
  auto a = std::make_unique<hub_node>(hub_node::options{.name = "a"});
  hub_node b{{.name = "b", .seeds = {a->address()}}};
  ASSERT_TRUE(
      wait_until([&] { return a->is_linked_to("b") && b.is_linked_to("a"); }));
  a->replicates = true;
  a->runner().holds = true;
  b.runner().holds = true;
  for (const auto* id : {"1", "2", "3"})
    a->give(id, "k");
  ASSERT_TRUE(wait_until([&] { return a->acknowledged == 3; }));
  a->stop();
  EXPECT_TRUE(wait_until([&] { return b.taken_over == 3; }));
  b.runner().end("1"); // and once more, where a had b run it
  EXPECT_TRUE(wait_until([&] {
    b.runner().end("1");
    return b.runner().last_id() == "2";
  }));
  b.runner().end("2");
  EXPECT_TRUE(wait_until([&] { return b.runner().last_id() == "3"; }));
}

} // namespace

} // namespace mfo::cluster::test
