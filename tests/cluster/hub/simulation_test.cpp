// Hubs in trouble, in virtual time, and what holds whatever happens.
// MFO_TEST_SEED plays a seed again.

#include "tests/cluster/hub/virtual_cluster.hpp"
#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <random>
#include <string>
#include <vector>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;
using mfo::test::between;

/// Nodes that take events while some vanish, drain, leave, come back, and are
/// cut off from each other.
class troubled_hubs {
public:
  explicit troubled_hubs(unsigned seed) : random_(seed), all_(seed) {
    all_.hold_back = 0.1 * static_cast<double>(pick(6));
    const auto count = 2 + pick(4);
    for (std::size_t i = 0; i < count; ++i)
      names_.push_back(std::string(1, static_cast<char>('a' + i)));
    for (const auto& name : names_)
      start(name);
  }

  void play(int steps) {
    for (int i = 0; i < steps; ++i) {
      trouble();
      all_.run_for(std::chrono::milliseconds{10 * (1 + pick(20))});
      note();
    }
  }

  /// All heals, and everything ends as it should.
  void come_to_rest() {
    all_.heal();
    all_.hold_back = 0;
    for (const auto& name : names_)
      if (all_.find(name) == nullptr)
        start(name);
    // Till the last events are counted where they are.
    all_.run_for(5s);
    EXPECT_TRUE(all_.comes_true(
        [this] { return all_.agrees() && all_.is_clean(); }, 120s));
    check();
  }

  /// What could be seen after each step.
  [[nodiscard]] const std::string& notes() const {
    return notes_;
  }

private:
  std::size_t pick(std::size_t below) {
    return between(random_, std::size_t{0}, below - 1);
  }

  const std::string& some_name() {
    return names_[pick(names_.size())];
  }

  void start(const std::string& name) {
    all_.start({.name = name}).takes = std::chrono::milliseconds{pick(2'000)};
  }

  void trouble() {
    const auto& name = some_name();
    auto* node = all_.find(name);
    const auto what = pick(24);
    if (node == nullptr) {
      if (what < 6)
        start(name);
    } else if (what < 14) {
      for (auto left = 1 + pick(5); left > 0; --left)
        node->give(std::to_string(++last_event_), pick(2) == 0);
    } else if (what < 17) {
      node->queued = pick(2) * 50;
    } else if (what < 18) {
      part_with(*node);
    } else if (what < 20) {
      all_.break_links(name, some_name());
    } else if (what < 22) {
      if (const auto& other = some_name(); other != name)
        all_.cut(name, other);
    } else {
      all_.heal();
    }
  }

  /// In one of the ways in which a node may end; the last one stays.
  void part_with(virtual_node& node) {
    if (all_.names().size() == 1)
      return;
    switch (pick(4)) {
    case 0:
      return all_.vanish(node.name);
    case 1:
      return all_.lose_power(node.name);
    case 2:
      return node.drain();
    default:
      node.drain();
      all_.run_for(5s);
      node.leave();
      all_.run_for(1s);
      all_.vanish(node.name);
    }
  }

  void note() {
    for (const auto& name : all_.names()) {
      const auto& node = *all_.find(name);
      notes_ += name + std::to_string(node.running) + '/' +
                std::to_string(node.report().away.load()) + '/' +
                std::to_string(node.report().links.load()) + ' ';
    }
    notes_ += std::to_string(all_.stories.size()) + '\n';
  }

  void check() {
    for (const auto& name : all_.names())
      EXPECT_FALSE(all_.find(name)->has_logged("breaks the rules")) << name;
    for (const auto& [id, story] : all_.stories) {
      const auto* origin = all_.find(story.origin);
      const bool lives = origin != nullptr && origin->process == story.process;
      EXPECT_LE(story.ends.size(), 1u) << "event " << id;
      if (lives) {
        EXPECT_EQ(story.ends.size(), 1u) << "event " << id;
      }
      EXPECT_LE(story.acknowledged, 1) << "event " << id;
      const auto delivered =
          std::any_of(story.ends.begin(), story.ends.end(),
                      [](const auto& how) { return how.delivered(); });
      if (delivered) {
        EXPECT_GE(story.runs, 1) << "event " << id;
      }
    }
  }

  std::mt19937 random_;
  virtual_cluster all_;
  std::vector<std::string> names_;
  std::string notes_;
  int last_event_ = 0;
};

TEST(hubs_in_trouble, end_every_event_once_and_agree_in_the_end) {
  const auto first = mfo::test::first_seed();
  for (unsigned seed = first; seed < first + 3; ++seed) {
    SCOPED_TRACE(mfo::test::seed_trace(seed));
    troubled_hubs hubs{seed};
    hubs.play(300);
    hubs.come_to_rest();
    if (testing::Test::HasFailure())
      return;
  }
}

TEST(hubs_in_trouble, do_the_same_for_the_same_seed) {
  const auto seed = mfo::test::first_seed();
  troubled_hubs one{seed};
  one.play(100);
  troubled_hubs same{seed};
  same.play(100);
  EXPECT_EQ(one.notes(), same.notes());
}

/// One node at a time vanishes: then no event is lost that was acknowledged.
TEST(hubs_in_trouble, lose_no_acknowledged_event_with_one_node) {
  const auto first = mfo::test::first_seed();
  for (unsigned seed = first; seed < first + 2; ++seed) {
    SCOPED_TRACE(mfo::test::seed_trace(seed));
    std::mt19937 random(seed);
    virtual_cluster all{seed};
    const std::vector<std::string> names{"a", "b", "c", "d"};
    const auto start = [&](const std::string& name) {
      all.start({.name = name}).takes =
          std::chrono::milliseconds{between(random, 0, 3'000)};
    };
    for (const auto& name : names)
      start(name);
    all.run_for(3s);
    int events = 0;
    for (int round = 0; round < 5; ++round) {
      const auto& victim =
          names[between(random, std::size_t{0}, std::size_t{3})];
      for (int i = 0; i < 40; ++i) {
        all.find(names[between(random, std::size_t{0}, std::size_t{3})])
            ->give(std::to_string(++events), true);
        all.run_for(std::chrono::milliseconds{10 * between(random, 0, 5)});
      }
      if (between(random, 0, 1) == 0)
        all.vanish(victim);
      else
        all.lose_power(victim);
      // Till others have found that it is dead, and have done its work.
      all.run_for(12s);
      start(victim);
      all.run_for(5s);
    }
    EXPECT_TRUE(
        all.comes_true([&] { return all.agrees() && all.is_clean(); }, 120s));
    for (const auto& [id, story] : all.stories)
      EXPECT_TRUE(story.acknowledged == 0 || story.runs > 0) << "event " << id;
    if (testing::Test::HasFailure())
      return;
  }
}

} // namespace

} // namespace mfo::cluster::test
