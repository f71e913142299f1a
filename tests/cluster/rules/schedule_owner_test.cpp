#include "cluster/rules/schedule_owner.hpp"

#include "cluster/rules/rendezvous.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using tick_verdict = schedule_owner::verdict;

constexpr std::chrono::milliseconds noon = 12h;

struct a_schedule : testing::Test {
  schedule_owner node(const std::string& name) const {
    return schedule_owner{name, {.grace = 30s, .max_triggers = 2}};
  }

  std::vector<std::string> names{"a", "b", "c"};
  tick_record tick{.trigger = "report", .tick = noon};
  std::string owner = owner_of("report", names);
};

TEST_F(a_schedule, is_fired_by_one_node_of_a_view) {
  for (int i = 0; i < 50; ++i) {
    tick.trigger = "trigger-" + std::to_string(i);
    int fires = 0;
    for (const auto& name : names)
      if (node(name).decide(tick, noon, names) == tick_verdict::fire)
        ++fires;
    EXPECT_EQ(fires, 1) << tick.trigger;
  }
}

TEST_F(a_schedule, is_fired_once_and_not_before_its_time) {
  auto self = node(owner);
  EXPECT_EQ(self.decide(tick, noon - 1ms, names), tick_verdict::early);
  EXPECT_EQ(self.decide(tick, noon, names), tick_verdict::fire);
  EXPECT_TRUE(self.fired(tick));
  EXPECT_EQ(self.decide(tick, noon, names), tick_verdict::fired);
  const tick_record next{.trigger = "report", .tick = noon + 60s};
  EXPECT_EQ(self.decide(next, noon + 60s, names), tick_verdict::fire);
}

TEST_F(a_schedule, is_fired_late_by_the_next_when_the_owner_has_died) {
  auto left = names;
  left.erase(std::find(left.begin(), left.end(), owner));
  auto next = node(owner_of("report", left));
  EXPECT_EQ(next.decide(tick, noon, names), tick_verdict::not_mine);
  EXPECT_EQ(next.decide(tick, noon + 30s, left), tick_verdict::fire);
  EXPECT_EQ(next.decide(tick, noon + 30s + 1ms, left), tick_verdict::missed);
  next.fired(tick);
  EXPECT_EQ(next.decide(tick, noon + 5s, left), tick_verdict::fired)
      << "the one that died had said so";
}

TEST_F(a_schedule, is_not_fired_again_when_an_older_tick_is_told) {
  auto self = node(owner);
  self.fired(tick);
  self.fired({.trigger = "report", .tick = noon - 60s});
  EXPECT_EQ(self.decide(tick, noon, names), tick_verdict::fired);
}

TEST_F(a_schedule, tells_a_node_that_has_come_what_was_fired) {
  auto self = node(owner);
  self.fired(tick);
  self.fired({.trigger = "other", .tick = noon});
  auto next = node("a");
  for (const auto& record : self.records())
    next.fired(record);
  EXPECT_EQ(next.records(), self.records());
  EXPECT_EQ(next.decide(tick, noon, std::vector<std::string>{"a"}),
            tick_verdict::fired);
}

TEST_F(a_schedule, remembers_so_many_triggers) {
  auto self = node(owner);
  EXPECT_TRUE(self.fired({.trigger = "1", .tick = noon}));
  EXPECT_TRUE(self.fired({.trigger = "2", .tick = noon}));
  EXPECT_FALSE(self.fired({.trigger = "3", .tick = noon}));
  EXPECT_TRUE(self.fired({.trigger = "2", .tick = noon + 1s}));
  self.forget("1");
  EXPECT_TRUE(self.fired({.trigger = "3", .tick = noon}));
}

TEST_F(a_schedule, is_fired_by_nobody_where_nobody_may) {
  EXPECT_EQ(node("a").decide(tick, noon, {}), tick_verdict::not_mine);
}

TEST(a_tick, has_the_same_id_on_all_nodes) {
  EXPECT_EQ(tick_id({.trigger = "report", .tick = noon}),
            "tick/report/43200000");
}

TEST(a_verdict_of_a_tick, has_a_word) {
  EXPECT_EQ(to_string(tick_verdict::fire), "fire");
  EXPECT_EQ(to_string(tick_verdict::early), "early");
  EXPECT_EQ(to_string(tick_verdict::not_mine), "not_mine");
  EXPECT_EQ(to_string(tick_verdict::fired), "fired");
  EXPECT_EQ(to_string(tick_verdict::missed), "missed");
}

} // namespace

} // namespace mfo::cluster
