#pragma once

#include "tests/cluster/copies/copy_nodes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <string>

namespace mfo::cluster::test {

/// Bounds that a test can reach.
inline copy_settings small_settings() {
  using namespace std::chrono_literals;
  copy_settings all;
  all.open = {.max_open = 50, .max_releases = 50};
  all.max_open_bytes = 1'000'000;
  all.kept = {.max_events = 40, .max_bytes = 1'000'000, .patience = 20s};
  all.window = {.events = 16, .bytes = 100'000};
  all.message_bytes = 10'000;
  return all;
}

/// Three nodes, of which `a` has copies made.
struct replicas : testing::Test {
  replicas() {
    for (const auto* name : {"a", "b", "c"})
      all.add(name);
    all.settle();
    all.messages = 0;
  }

  /// The node that holds the event, or is to.
  copy_node& holder_of(const std::string& id) {
    return all.at(a().desk.holders_of(id).at(0).name);
  }

  copy_node& other_than(const copy_node& one) {
    return all.at(one.life.name == "b" ? "c" : "b");
  }

  copy_node& a() {
    return all.at("a");
  }

  tl::expected<void, begin_refusal> begin(const std::string& id,
                                          std::size_t copies = 1) {
    return a().begin(all.event(id), copies);
  }

  void hold(const std::string& id, std::size_t copies = 1) {
    ASSERT_TRUE(begin(id, copies));
    all.settle();
    ASSERT_THAT(a().acknowledged, testing::Contains(id));
  }

  /// For as long as it takes to find a node dead.
  void kill(const std::string& name) {
    using namespace std::chrono_literals;
    all.crash(name);
    for (const auto* node : all.running())
      all.notice(name, node->life.name);
    all.pass(all.dead_after + 100ms);
  }

  void expect_nothing_left() {
    for (auto* node : all.running()) {
      EXPECT_EQ(node->desk.replicas(), 0u) << node->life.name;
      EXPECT_EQ(node->desk.replica_bytes(), 0u) << node->life.name;
      EXPECT_EQ(node->desk.open(), 0u) << node->life.name;
      EXPECT_EQ(node->desk.open_bytes(), 0u) << node->life.name;
      EXPECT_THAT(node->faults, testing::IsEmpty()) << node->life.name;
    }
  }

  copy_nodes all{small_settings()};
};

} // namespace mfo::cluster::test
