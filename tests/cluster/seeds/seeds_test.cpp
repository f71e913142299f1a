// 10,000 seeds of the cluster's simulators, with clusters of 2 to 256 nodes.
// They are the same in each run; MFO_TEST_SEED is the first of others, and
// MFO_SEED one to be played alone: README.md.

#include "tests/cluster/seeds/simulators.hpp"
#include "tests/core/seeds.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <numeric>
#include <string>
#include <vector>

namespace mfo::cluster::test {

namespace {

using testing::HasSubstr;

constexpr unsigned usual_seed = 1;
constexpr std::size_t seeds_of_block = 50;

#ifdef MFO_FEW_SEEDS
constexpr bool is_slow = true;
#else
constexpr bool is_slow = false;
#endif

/// Seeds of one simulator that are one test, for shards to share.
struct block {
  const simulator* of;
  std::string name;
  std::vector<unsigned> seeds;
};

void PrintTo(const block& what, std::ostream* out) {
  *out << what.seeds.size() << " seeds from " << what.seeds.front();
}

std::vector<unsigned> seeds_of(const simulator& which, unsigned first) {
  if (!is_slow) {
    std::vector<unsigned> all(which.seeds);
    std::iota(all.begin(), all.end(), first);
    return all;
  }
  std::vector<unsigned> some;
  for (auto seed = first; some.size() < few_seeds; ++seed)
    if (nodes_of(seed) <= nodes_of_few_seeds)
      some.push_back(seed);
  return some;
}

std::vector<block> blocks() {
  std::vector<block> all;
  const auto* alone = std::getenv("MFO_SEED");
  const auto first = mfo::test::first_seed(usual_seed);
  for (const auto& each : simulators()) {
    if (alone != nullptr) {
      const auto seed = static_cast<unsigned>(std::strtoul(alone, nullptr, 10));
      all.push_back({&each, fmt::format("{}_alone", each.name), {seed}});
      continue;
    }
    const auto seeds = seeds_of(each, first);
    for (std::size_t at = 0; at < seeds.size(); at += seeds_of_block) {
      const auto end = std::min(at + seeds_of_block, seeds.size());
      all.push_back({&each,
                     fmt::format("{}_{:02}", each.name, at / seeds_of_block),
                     {seeds.begin() + static_cast<std::ptrdiff_t>(at),
                      seeds.begin() + static_cast<std::ptrdiff_t>(end)}});
    }
  }
  return all;
}

/// What this process has played.
struct totals {
  std::size_t seeds = 0;
  std::size_t nodes = 0;
  std::size_t fewest = 0;
  std::size_t most = 0;
  std::size_t events = 0;
  double seconds = 0; ///< of CPU
};

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

outcome_of_seed play(const simulator& which, unsigned seed) {
  const auto nodes = nodes_of(seed);
  SCOPED_TRACE(
      fmt::format("MFO_SEED={} of {}, {} nodes", seed, which.name, nodes));
  try {
    return which.play(seed, nodes);
  } catch (const std::exception& thrown) {
    ADD_FAILURE() << thrown.what();
    return {};
  }
}

class a_cluster : public testing::TestWithParam<block> {
protected:
  static void TearDownTestSuite() {
    fmt::print("{} seeds, {} nodes in clusters of {} to {}, {} events; {:.1f} "
               "s of CPU\n",
               sum.seeds, sum.nodes, sum.fewest, sum.most, sum.events,
               sum.seconds);
    for (const auto& [name, seconds] : seconds_of)
      fmt::print("  {}: {:.1f} s\n", name, seconds);
  }

  void play_and_count(unsigned seed) {
    const auto& which = *GetParam().of;
    const auto nodes = nodes_of(seed);
    const auto began = cpu_seconds();
    const auto became = play(which, seed);
    const auto took = cpu_seconds() - began;
    sum.fewest = sum.seeds == 0 ? nodes : std::min(sum.fewest, nodes);
    sum.most = std::max(sum.most, nodes);
    ++sum.seeds;
    sum.nodes += nodes;
    sum.events += became.events;
    sum.seconds += took;
    const auto size = std::find_if(
        std::begin(size_classes), std::end(size_classes),
        [&](const size_class& each) { return nodes <= each.most; });
    seconds_of[fmt::format("{} to {}", which.name, size->most)] += took;
    EXPECT_GT(became.events, 0u) << "nothing happens with seed " << seed;
  }

  static totals sum;
  static std::map<std::string, double> seconds_of;
};

totals a_cluster::sum;
std::map<std::string, double> a_cluster::seconds_of;

TEST_P(a_cluster, keeps_its_promises_whatever_happens) {
  std::size_t nodes = 0;
  std::size_t played = 0;
  for (const auto seed : GetParam().seeds) {
    play_and_count(seed);
    ++played;
    nodes += nodes_of(seed);
    if (HasFailure()) {
      std::cerr << fmt::format(
          "MFO_SEED={} cluster_seeds_test --gtest_filter='*{}*' plays it "
          "alone\n",
          seed, GetParam().of->name);
      break;
    }
  }
  RecordProperty("seeds", std::to_string(played));
  RecordProperty("nodes", std::to_string(nodes));
}

INSTANTIATE_TEST_SUITE_P(seeds, a_cluster, testing::ValuesIn(blocks()),
                         [](const auto& each) { return each.param.name; });

TEST(a_seed, goes_the_same_way_each_time) {
  for (const auto& which : simulators())
    for (unsigned seed = 1; seed < 4; ++seed)
      EXPECT_EQ(play(which, seed), play(which, seed))
          << "seed " << seed << " of " << which.name;
}

TEST(a_seed, has_a_size_so_that_each_round_has_all_sizes) {
  std::map<std::size_t, unsigned> counts;
  constexpr unsigned anywhere = 123'457;
  for (unsigned i = 0; i < seeds_per_round; ++i)
    ++counts[nodes_of(anywhere + i)];
  for (const auto& each : size_classes) {
    unsigned found = 0;
    for (auto nodes = each.fewest; nodes <= each.most; ++nodes)
      found += counts[nodes];
    EXPECT_EQ(found, each.seeds) << each.fewest << " to " << each.most;
  }
}

/// 2000 as "2,000".
std::string with_comma(unsigned number) {
  return number < 1'000
             ? std::to_string(number)
             : fmt::format("{},{:03}", number / 1'000, number % 1'000);
}

TEST(the_readme, has_the_numbers_of_the_tables) {
  std::ifstream file(MFO_SOURCE_DIR "/tests/cluster/seeds/README.md");
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  for (const auto& each : simulators())
    EXPECT_THAT(text,
                HasSubstr(fmt::format("| {} | {} | {} |\n", each.name,
                                      each.rules, with_comma(each.seeds))));
  for (const auto& each : size_classes)
    EXPECT_THAT(text, HasSubstr(fmt::format(
                          "| {} | {} |\n",
                          each.fewest == each.most
                              ? std::to_string(each.most)
                              : fmt::format("{} to {}", each.fewest, each.most),
                          each.seeds)));
  EXPECT_THAT(text, HasSubstr(with_comma(seeds_in_all) + " seeds"));
}

} // namespace

} // namespace mfo::cluster::test
