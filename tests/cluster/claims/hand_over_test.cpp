// What becomes of what is known of claims when nodes come and go.

#include "cluster/claims/claim_desk.hpp"

#include "cluster/rules/rendezvous.hpp"
#include "tests/cluster/claims/claim_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using test::claim_world;
using test::id_of;

constexpr int many = 5'000;

struct what_is_known : testing::Test {
  void start(const std::vector<std::string>& names) {
    for (const auto& name : names)
      world.start(name);
    world.link_all();
    world.show_all();
    world.run_for(1s);
  }

  /// That many deliveries, taken by one node.
  void take(const std::string& name) {
    auto& node = world.at(name);
    for (int i = 0; i < many; ++i)
      node.desk.settle(std::to_string(i), 1, core::delivery_end::taken,
                       world.now());
    world.run_for(2s);
  }

  /// How many of them are fresh when they come again.
  int forgotten(const std::string& name) {
    auto& node = world.at(name);
    int fresh = 0;
    for (int i = 0; i < many; ++i) {
      const auto number = static_cast<std::uint64_t>(1'000'000 + i);
      const auto verdict = node.desk.claim(std::to_string(i), number,
                                           world.now() + 10s, world.now());
      fresh += verdict == claim_verdict::fresh ? 1 : 0;
    }
    world.run_for(1s);
    for (const auto& [number, verdict] : node.verdicts)
      fresh += verdict == claim_verdict::fresh ? 1 : 0;
    EXPECT_EQ(node.desk.counts().unasked, 0u);
    node.verdicts.clear();
    return fresh;
  }

  std::size_t owned() {
    std::size_t sum = 0;
    for (const auto& name : world.names_up())
      sum += world.at(name).desk.owned();
    return sum;
  }

  claim_world world;
};

TEST_F(what_is_known, is_handed_to_a_node_that_has_come) {
  start({"a", "b"});
  take("a");
  world.start("c");
  world.link_all();
  world.show_all();
  world.run_for(2s);
  EXPECT_GT(world.at("c").desk.owned(), many / 4u);
  EXPECT_EQ(owned(), static_cast<std::size_t>(many));
  for (const auto* name : {"a", "b", "c"})
    EXPECT_EQ(forgotten(name), 0) << name;
  EXPECT_EQ(world.at("a").desk.counts().handed_over +
                world.at("b").desk.counts().handed_over,
            world.at("c").desk.owned());
}

TEST_F(what_is_known, is_handed_over_by_a_node_that_leaves) {
  start({"a", "b", "c"});
  take("a");
  auto& c = world.at("c");
  c.leaves = true;
  world.show(c);
  for (const auto* name : {"a", "b"}) {
    auto& node = world.at(name);
    node.sees.erase("c");
    world.show(node);
  }
  world.run_for(2s);
  EXPECT_EQ(world.at("c").desk.owned(), 0u);
  world.crash("c");
  for (const auto* name : {"a", "b"})
    EXPECT_EQ(forgotten(name), 0) << name;
}

TEST_F(what_is_known, is_handed_over_a_few_pages_at_a_time) {
  world.settings.page = 100;
  world.least_delay = world.most_delay = 20ms;
  start({"a"});
  take("a");
  world.start("b");
  world.link_all();
  world.show_all();
  std::size_t most = 0;
  for (int i = 0; i < 500; ++i) {
    world.run_for(10ms);
    most = std::max(most, world.at("a").desk.told());
  }
  EXPECT_LE(most, 200u);
  EXPECT_GT(world.at("b").desk.owned(), many / 3u);
  EXPECT_EQ(forgotten("a"), 0);
}

TEST_F(what_is_known, comes_back_from_one_that_died_before_it_heard) {
  start({"a"});
  take("a");
  world.start("b");
  world.link_all();
  world.show_all();
  EXPECT_GT(world.at("a").desk.told(), 0u);
  world.crash("b");
  world.show_all();
  EXPECT_EQ(world.at("a").desk.told(), 0u);
  EXPECT_EQ(forgotten("a"), 0);
}

TEST_F(what_is_known, goes_over_the_next_link_when_one_is_lost) {
  start({"a"});
  take("a");
  world.start("b");
  world.link_all();
  world.show_all();
  world.run_for(1ms);
  world.unlink("a", "b");
  world.run_for(500ms);
  world.link("a", "b");
  world.run_for(2s);
  EXPECT_EQ(owned(), static_cast<std::size_t>(many));
  EXPECT_EQ(forgotten("b"), 0);
}

TEST_F(what_is_known, is_passed_on_by_one_that_is_not_the_owner) {
  start({"a", "b", "c"});
  auto& a = world.at("a");
  a.sees.erase("c"); // a is the last to see c
  world.show(a);
  const std::vector<std::string> all{"a", "b", "c"};
  const std::vector<std::string> seen_by_a{"a", "b"};
  std::vector<std::string> ids;
  for (int i = 0; ids.size() < 20; ++i)
    if (const auto id = id_of("c", all, i); owner_of(id, seen_by_a) == "b")
      ids.push_back(id);
  for (const auto& id : ids)
    a.desk.settle(id, 1, core::delivery_end::taken, world.now());
  world.run_for(100ms);
  EXPECT_EQ(world.at("b").desk.owned(), ids.size());
  EXPECT_EQ(world.at("c").desk.owned(), 0u);
  world.run_for(2s);
  EXPECT_EQ(world.at("b").desk.owned(), 0u);
  for (const auto& id : ids)
    EXPECT_EQ(world.at("c").desk.claim(id, 1, world.now() + 10s, world.now()),
              claim_verdict::taken);
}

TEST_F(what_is_known, of_claims_that_run_is_handed_over_with_the_time_left) {
  start({"a"});
  const auto id = id_of("b", {"a", "b"});
  const auto deadline = world.now() + 10s;
  world.at("a").desk.claim(id, 1, deadline, world.now());
  world.run_for(3s);
  world.start("b");
  world.link_all();
  world.show_all();
  world.run_for(1s);
  auto& b = world.at("b");
  EXPECT_EQ(b.desk.owned(), 1u);
  EXPECT_EQ(b.desk.claim(id, 1, world.now() + 10s, deadline - 100ms),
            claim_verdict::in_progress);
  EXPECT_EQ(b.desk.claim(id, 1, world.now() + 10s, deadline + 100ms),
            claim_verdict::fresh);
}

TEST(a_node_that_has_left, alone_decides_by_itself) {
  claim_world world;
  auto& node = world.start("a");
  node.leaves = true;
  world.show(node);
  const auto claim = [&](std::uint64_t number) {
    return node.desk.claim("1", number, world.now() + 10s, world.now());
  };
  EXPECT_EQ(claim(1), claim_verdict::fresh);
  EXPECT_EQ(claim(2), claim_verdict::in_progress);
}

} // namespace

} // namespace mfo::cluster
