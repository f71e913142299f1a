// Whatever happens for a while: when the network is whole again, all tables
// become equal.

#include "tests/cluster/membership/agreement.hpp"
#include "tests/cluster/membership/simulated_network.hpp"
#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;
using mfo::test::between;
using mfo::test::first_seed;
using mfo::test::seed_trace;
using mfo::test::uniform;

/// Does one thing after the other to a cluster.
class chaos {
public:
  chaos(simulated_network& network, std::vector<std::string> names,
        std::mt19937& random)
    : network_(network), names_(std::move(names)), random_(random) {}

  void strike() {
    const auto& one = pick();
    const auto& other = pick();
    const bool runs = is_running(one);
    switch (between(random_, 0, 9)) {
    case 0:
      return runs ? network_.crash(one) : network_.start(one);
    case 1:
      return runs ? network_.lose_power(one) : network_.start(one);
    case 2:
      if (runs)
        network_.crash(one);
      return network_.start(one);
    case 3:
      return runs ? network_.pause(one) : network_.start(one);
    case 4:
      if (runs)
        network_.resume(one);
      return;
    case 5:
      return network_.cut(one, other);
    case 6:
      return network_.isolate({one, other});
    case 7:
      return network_.break_links(one, other);
    case 8:
      network_.loss = 0.4 * uniform(random_);
      return;
    default:
      network_.set_wall_clock(one, between(random_, -5'000, 5'000) * 1ms);
      return network_.heal();
    }
  }

  /// The network is whole and everybody runs, but for some.
  void end() {
    network_.heal();
    for (const auto& name : names_)
      if (is_running(name))
        network_.resume(name);
      else if (between(random_, 0, 3) > 0)
        network_.start(name);
  }

private:
  const std::string& pick() {
    return names_[between<std::size_t>(random_, 0, names_.size() - 1)];
  }

  bool is_running(const std::string& name) {
    const auto live = network_.live_hosts();
    return std::binary_search(live.begin(), live.end(), name);
  }

  simulated_network& network_;
  std::vector<std::string> names_;
  std::mt19937& random_;
};

void run_chaos(unsigned seed, std::size_t count, int strikes) {
  SCOPED_TRACE(seed_trace(seed) + " with " + std::to_string(count) + " nodes");
  std::mt19937 random{seed};
  simulated_network network{seed};
  const auto names = names_of(count);
  start_all(network, names, std::min<std::size_t>(count, 3));
  chaos evil{network, names, random};
  for (int i = 0; i < strikes; ++i) {
    network.run_for(between(random, 0, 3'000) * 1ms);
    evil.strike();
  }
  evil.end();
  // The clocks may have gone back by 10 s: those nodes wait for dead_after.
  network.run_for(20s);
  ASSERT_TRUE(agree(network));
  ASSERT_LE(network.most_orders(), 4 * count + most_rows + 32);
  network.reports.clear();
  network.run_for(20s);
  ASSERT_TRUE(network.reports.empty()) << "it is quiet then";
}

TEST(after_any_chaos, small_clusters_agree) {
  const auto seed = first_seed();
  for (unsigned i = 0; i < 30; ++i)
    run_chaos(seed + i, 2 + i % 5, 25);
}

TEST(after_any_chaos, a_cluster_of_16_agrees) {
  const auto seed = first_seed();
  for (unsigned i = 0; i < 2; ++i)
    run_chaos(seed + i, 16, 40);
}

/// Without clocks that go back it is quicker.
TEST(after_partitions, tables_are_equal_within_10_s) {
  const auto seed = first_seed();
  for (unsigned i = 0; i < 20; ++i) {
    SCOPED_TRACE(seed_trace(seed + i));
    std::mt19937 random{seed + i};
    simulated_network network{seed + i};
    const auto names = names_of(7);
    start_all(network, names, 2);
    network.run_for(5s);
    std::set<std::string> part;
    for (const auto& name : names)
      if (between(random, 0, 1) == 1)
        part.insert(name);
    network.isolate(part);
    network.run_for(between(random, 0, 40'000) * 1ms);
    network.heal();
    network.run_for(10s);
    ASSERT_TRUE(agree(network));
  }
}

} // namespace

} // namespace mfo::cluster::test
