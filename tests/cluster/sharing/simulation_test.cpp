// Five nodes in trouble, and what holds whatever happens.

#include "cluster/sharing/dispatcher.hpp"

#include "tests/cluster/sharing/work_nodes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using test::work_node;
using test::work_nodes;
using ::testing::IsEmpty;

/// MFO_SEED plays one seed again.
std::vector<std::uint64_t> seeds_to_play() {
  if (const auto* given = std::getenv("MFO_SEED"))
    return {std::strtoull(given, nullptr, 10)};
  std::vector<std::uint64_t> all;
  for (std::uint64_t seed = 1; seed <= 200; ++seed)
    all.push_back(seed);
  return all;
}

/// Five nodes that place, finish, lose links, get them back and start anew, in
/// an order that the seed decides.
void play_sharing(std::uint64_t seed) {
  work_nodes all;
  all.random.seed(seed);
  const auto pick = [&](std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(all.random);
  };
  const std::vector<std::string> names{"a", "b", "c", "d", "e"};
  std::map<std::string, work_node*> nodes;
  for (const auto& name : names)
    nodes[name] = &all.add(name);
  std::map<std::string, std::string> owner;   ///< of placed events
  std::map<std::string, core::event_ptr> own; ///< that run where they came in
  int next = 0;
  const auto some = [&]() -> work_node& {
    return *nodes[names[pick(names.size())]];
  };
  for (int step = 0; step < 400; ++step) {
    all.now += std::chrono::milliseconds{pick(50)};
    switch (pick(8)) {
    case 0:
    case 1:
    case 2: {
      auto& node = some();
      const auto id = std::to_string(++next);
      const auto placed =
          node.work.place(all.event(id), {.needed = role::runner}, all.now);
      if (placed.where == placement::place::peer)
        owner[id] = node.life.name;
      break;
    }
    case 3: {
      auto& node = some();
      if (!node.runs.empty())
        node.finish_one();
      break;
    }
    case 4: {
      auto& a = some();
      auto& b = some();
      if (a.life.name != b.life.name)
        all.unlink(a, b);
      break;
    }
    case 5: {
      auto& a = some();
      auto& b = some();
      if (a.life.name != b.life.name) {
        all.unlink(a, b);
        all.link(a, b);
      }
      break;
    }
    case 6: {
      auto& load = all.loads[names[pick(names.size())]];
      load.queue_depth = static_cast<std::uint32_t>(pick(60));
      load.in_flight = static_cast<std::uint32_t>(pick(101));
      load.draining = pick(6) == 0;
      all.tell_loads();
      break;
    }
    default:
      for (auto count = pick(5); count > 0; --count)
        all.deliver_one();
      for (auto& [name, node] : nodes)
        node->work.sweep(all.now);
    }
  }
  // Everything heals, and ends.
  for (auto& [name, load] : all.loads)
    load = {.max_in_flight = 100};
  for (const auto& a : names)
    for (const auto& b : names)
      if (a < b) {
        all.unlink(*nodes[a], *nodes[b]);
        all.link(*nodes[a], *nodes[b]);
      }
  all.tell_loads();
  for (int round = 0; round < 400; ++round) {
    all.now += 100ms;
    all.settle();
    for (auto& [name, node] : nodes) {
      while (!node->runs.empty())
        node->finish_one();
      node->work.sweep(all.now);
    }
  }
  for (const auto& [id, name] : owner) {
    auto& node = *nodes[name];
    const auto came_back = std::count_if(
        node.came_back.begin(), node.came_back.end(),
        [&, wanted = id](const auto& event) { return event->id == wanted; });
    const auto answers = static_cast<std::ptrdiff_t>(node.answers[id].size());
    EXPECT_EQ(came_back + answers, 1) << "event " << id;
  }
  for (auto& [name, node] : nodes) {
    EXPECT_EQ(node->work.away(), 0u) << name;
    EXPECT_EQ(node->work.running(), 0u) << name;
    EXPECT_THAT(node->faults, IsEmpty()) << name;
  }
}

TEST(nodes_that_share_work, give_every_event_one_answer_whatever_happens) {
  for (const auto seed : seeds_to_play()) {
    play_sharing(seed);
    if (testing::Test::HasFailure()) {
      std::cerr << "MFO_SEED=" << seed << " plays it again\n";
      return;
    }
  }
}

} // namespace

} // namespace mfo::cluster
