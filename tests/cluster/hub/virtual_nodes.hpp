#pragma once

#include "tests/cluster/hub/virtual_cluster.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace mfo::cluster::test {

struct virtual_nodes : testing::Test {
  virtual_node& start(const std::string& name,
                      role_set roles = role_set::all()) {
    return all.start({.name = name, .roles = roles, .dedup = dedup});
  }

  /// And say what they take of each other.
  [[nodiscard]] bool agree_within(std::chrono::milliseconds time) {
    const bool agreed = all.comes_true([this] { return all.agrees(); }, time);
    all.run_for(std::chrono::milliseconds{100});
    return agreed;
  }

  /// The event has ended once at its origin, and well.
  void expect_delivered(const std::string& id) {
    const auto& story = all.stories[id];
    ASSERT_EQ(story.ends.size(), 1u) << id;
    EXPECT_TRUE(story.ends[0].delivered())
        << id << ": " << story.ends[0].detail;
  }

  [[nodiscard]] bool has_ended(const std::string& id) {
    return !all.stories[id].ends.empty();
  }

  virtual_cluster all;
  bool dedup = false;
};

} // namespace mfo::cluster::test
