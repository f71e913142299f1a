/// Nodes that hold copies of each other's events while they crash, restart,
/// drain, and are cut off. MFO_SEED repeats a single run.

#include "tests/cluster/copies/copy_nodes.hpp"
#include "tests/core/seeds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using mfo::test::between;
using test::copy_ledger;
using test::copy_node;
using test::copy_nodes;

/// Small, so that the bounds are met often.
copy_settings tight_settings() {
  copy_settings all;
  all.open = {.max_open = 30, .max_releases = 10};
  all.max_open_bytes = 30'000;
  all.kept = {.max_events = 60, .max_bytes = 40'000, .patience = 3s};
  all.window = {.events = 6, .bytes = 6'000};
  all.message_bytes = 3'000;
  all.audit_every = 2s;
  all.audit_draining_every = 300ms;
  all.running_every = 700ms;
  all.trust_link_for = 500ms;
  all.taken_over_at_once = 7;
  return all;
}

class troubled_cluster {
public:
  explicit troubled_cluster(unsigned seed) : all_(tight_settings()) {
    all_.random.seed(seed);
    // Mostly few: they meet more.
    const auto count = pick(12) > 0 ? 2 + pick(5) : 7 + pick(26);
    copies_ = 1 + pick(std::min<std::size_t>(3, count - 1));
    crashes_ = pick(4) > 0;
    drains_ = pick(2) > 0;
    partitions_ = pick(2) > 0;
    for (std::size_t i = 0; i < count; ++i)
      names_.push_back("node-" + std::to_string(i));
    for (const auto& name : names_)
      all_.add(name);
  }

  copy_ledger::totals play() {
    for (int step = 0; step < 400 && !testing::Test::HasFailure(); ++step) {
      all_.now += std::chrono::milliseconds{pick(20)};
      trouble();
      for (auto left = pick(2 * names_.size()); left > 0; --left)
        if (!all_.deliver_one())
          break;
      if (step % 5 == 0)
        tick();
      all_.books.check(all_);
      check_bounds();
    }
    heal();
    come_to_rest();
    return all_.books.sum();
  }

private:
  std::size_t pick(std::size_t below) {
    return between(all_.random, std::size_t{0}, below - 1);
  }

  const std::string& some_name() {
    return names_[pick(names_.size())];
  }

  void trouble() {
    const auto& name = some_name();
    const auto& other = some_name();
    auto* node = all_.find(name);
    switch (pick(14)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return node != nullptr ? begin_some(*node) : void();
    case 4:
    case 5:
      return node != nullptr ? finish_some(*node) : void();
    case 6:
      if (crashes_ && pick(6) == 0)
        all_.crash(name);
      return;
    case 7:
      if (node == nullptr)
        all_.start(name);
      return;
    case 8:
      if (name != other)
        all_.cut(name, other);
      return;
    case 9:
      for (const auto& each : names_)
        if (each != name && pick(2) == 0)
          all_.notice(name, each);
      return;
    case 10:
      if (partitions_ && pick(8) == 0)
        for (const auto& each : names_)
          groups_[each] = pick(2);
      else if (pick(4) == 0)
        groups_.clear();
      return;
    case 11:
      if (drains_ && pick(2) == 0)
        all_.draining.insert(name);
      else
        all_.draining.erase(name);
      return;
    default:
      connect_some();
    }
  }

  void begin_some(copy_node& node) {
    for (auto left = 1 + pick(4); left > 0; --left) {
      // Now and then one that is open, or was.
      const auto id = std::to_string(pick(5) > 0 ? ++last_id_ : pick(50));
      const auto begun =
          node.begin(all_.event(id, pick(1'500)), 1 + pick(copies_));
      if (!begun)
        ++refusals_[begun.error()];
    }
  }

  void finish_some(copy_node& node) {
    for (auto left = pick(5); left > 0 && !node.open.empty(); --left) {
      auto some = node.open.begin();
      std::advance(some, pick(node.open.size()));
      node.finish(std::string(*some));
    }
    for (auto left = pick(3); left > 0 && !node.runs.empty(); --left)
      node.finish_taken();
  }

  void connect_some() {
    for (auto left = names_.size(); left > 0; --left) {
      const auto& a = some_name();
      const auto& b = some_name();
      if (a != b && groups_[a] == groups_[b] && all_.find(a) != nullptr &&
          all_.find(b) != nullptr && !all_.is_linked(a, b))
        all_.link(a, b);
    }
    for (const auto& a : names_)
      for (const auto& b : names_)
        if (a < b && groups_[a] != groups_[b])
          all_.cut(a, b);
  }

  void tick() {
    if (pick(3) > 0)
      all_.tell_views();
    for (auto* node : all_.running())
      node->desk.sweep(all_.now);
  }

  void check_bounds() {
    const auto& bounds = all_.settings;
    for (const auto* node : all_.running()) {
      const auto& desk = node->desk;
      EXPECT_LE(desk.open(), bounds.open.max_open);
      EXPECT_LE(desk.open_bytes(), bounds.max_open_bytes);
      EXPECT_LE(desk.replicas(), bounds.kept.max_events);
      EXPECT_LE(desk.replica_bytes(), bounds.kept.max_bytes);
    }
    EXPECT_LE(all_.largest, 7'000u); // and what is small
  }

  void heal() {
    groups_.clear();
    all_.draining.clear();
    for (const auto& name : names_)
      if (all_.find(name) == nullptr)
        all_.start(name);
    for (const auto& a : names_)
      for (const auto& b : names_)
        if (a < b && !all_.is_linked(a, b))
          all_.link(a, b);
  }

  void come_to_rest() {
    for (int round = 0; round < 40; ++round) {
      all_.tell_views();
      for (int i = 0; i < 5; ++i) {
        all_.now += 100ms;
        for (auto* node : all_.running())
          node->desk.sweep(all_.now);
        all_.settle();
      }
      all_.books.check(all_);
      for (auto* node : all_.running()) {
        while (!node->open.empty())
          node->finish(std::string(*node->open.begin()));
        while (!node->runs.empty())
          node->finish_taken();
      }
      if (is_at_rest() && round > 2)
        break;
    }
    all_.books.check_all_ended(all_);
    EXPECT_TRUE(is_at_rest());
    for (const auto* node : all_.running())
      EXPECT_THAT(node->faults, testing::IsEmpty()) << node->life.name;
  }

  bool is_at_rest() {
    const auto nodes = all_.running();
    return std::all_of(nodes.begin(), nodes.end(), [](const auto* node) {
      return node->desk.open() == 0 && node->desk.open_bytes() == 0 &&
             node->desk.replicas() == 0 && node->desk.replica_bytes() == 0 &&
             node->desk.running() == 0;
    });
  }

  copy_nodes all_;
  std::vector<std::string> names_;
  std::map<std::string, std::size_t> groups_;
  std::map<begin_refusal, int> refusals_;
  std::size_t copies_ = 1;
  bool crashes_ = true;
  bool drains_ = true;
  bool partitions_ = true;
  std::size_t last_id_ = 100;
};

copy_ledger::totals play_copies(unsigned seed) {
  SCOPED_TRACE("MFO_SEED=" + std::to_string(seed));
  return troubled_cluster{seed}.play();
}

TEST(nodes_that_hold_copies, keep_what_they_promise) {
  if (const auto* given = std::getenv("MFO_SEED")) {
    play_copies(static_cast<unsigned>(std::strtoul(given, nullptr, 10)));
    return;
  }
  const auto first = mfo::test::first_seed();
  copy_ledger::totals all;
  for (unsigned seed = first; seed < first + 50 && !HasFailure(); ++seed) {
    const auto sum = play_copies(seed);
    all.begun += sum.begun;
    all.promised += sum.promised;
    all.given_up += sum.given_up;
    all.deliveries += sum.deliveries;
    all.lost += sum.lost;
  }
  std::cout << all.begun << " events: " << all.promised << " promised, "
            << all.given_up << " given up, " << all.deliveries
            << " deliveries, " << all.lost
            << " lost with their origin and all holders\n";
  EXPECT_GT(all.promised, all.begun / 4);
  EXPECT_GT(all.given_up, 0u);
  EXPECT_GT(all.deliveries, 0u);
}

} // namespace

} // namespace mfo::cluster
