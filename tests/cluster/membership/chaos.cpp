#include "tests/cluster/membership/chaos.hpp"

#include "tests/cluster/membership/agreement.hpp"
#include "tests/cluster/membership/simulated_network.hpp"
#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;
using mfo::test::between;
using mfo::test::uniform;

constexpr std::size_t few_members = 32;

/// The first of the nodes, which all others are told.
std::size_t seeds_of(std::size_t nodes) {
  return std::min<std::size_t>(nodes, 3);
}

/// Does one thing after the other to a cluster.
class chaos {
public:
  chaos(simulated_network& network, const chaos_plan& plan,
        std::mt19937& random)
    : network_(network), names_(names_of(plan.nodes)), clocks_(plan.clocks),
      random_(random) {}

  void strike() {
    const auto& one = pick();
    const auto& other = pick();
    const bool runs = is_running(one);
    switch (between(random_, 0, 11)) {
    case 0:
      return runs ? network_.crash(one) : start(one);
    case 1:
      return runs ? network_.lose_power(one) : start(one);
    case 2:
      return start(one);
    case 3:
      return runs ? network_.pause(one) : start(one);
    case 4:
      if (runs)
        network_.resume(one);
      return;
    case 5:
      return network_.cut(one, other);
    case 6:
      return network_.isolate({one, other});
    case 7:
      return network_.isolate(a_part());
    case 8:
      return network_.break_links(one, other);
    case 9:
      network_.loss = 0.4 * uniform(random_);
      return;
    case 10:
      return runs ? retire(one) : start(one);
    default:
      if (clocks_)
        network_.set_wall_clock(one, between(random_, -5'000, 5'000) * 1ms);
      return network_.heal();
    }
  }

  /// The network is whole and everybody runs, but for some; of the seeds one at
  /// least, as who knows nobody yet has nobody else to ask.
  void end() {
    network_.heal();
    for (const auto& name : names_)
      if (is_running(name))
        network_.resume(name);
      else if (between(random_, 0, 3) > 0)
        start(name);
    const auto seeds = std::span{names_}.first(seeds_of(names_.size()));
    if (std::ranges::none_of(seeds, [this](const auto& name) {
          return is_running(name) && !leaving_.contains(name);
        }))
      start(names_.front());
  }

private:
  const std::string& pick() {
    return names_[between<std::size_t>(random_, 0, names_.size() - 1)];
  }

  std::set<std::string> a_part() {
    std::set<std::string> part;
    for (const auto& name : names_)
      if (between(random_, 0, 1) == 0)
        part.insert(name);
    return part;
  }

  /// Also in place of one that runs, or has left.
  void start(const std::string& name) {
    network_.crash(name);
    network_.start(name);
    leaving_.erase(name);
  }

  void retire(const std::string& name) {
    network_.resume(name);
    network_.retire(name);
    leaving_.insert(name);
  }

  bool is_running(const std::string& name) {
    const auto live = network_.live_hosts();
    return std::binary_search(live.begin(), live.end(), name);
  }

  simulated_network& network_;
  const std::vector<std::string> names_;
  const bool clocks_;
  std::mt19937& random_;
  std::set<std::string> leaving_;
};

/// Nobody finds that a member has changed, or speaks more often than it must.
void expect_quiet(simulated_network& network,
                  std::chrono::milliseconds length) {
  const auto live = network.live_hosts();
  std::map<std::string, std::uint64_t> rounds;
  for (const auto& name : live)
    rounds[name] = network.rounds_of(name);
  network.reports.clear();
  network.run_for(length);
  for (const auto& each : network.reports)
    ADD_FAILURE() << each.observer << " reports of " << each.change.member
                  << ": " << each.change.reason;
  const auto most = length / membership_settings{}.heartbeat + 1;
  for (const auto& name : live)
    EXPECT_LE(network.rounds_of(name) - rounds[name],
              static_cast<std::uint64_t>(most))
        << name;
}

} // namespace

chaos_plan chaos_for(std::size_t nodes) {
  chaos_plan plan{.nodes = nodes};
  if (nodes <= few_members)
    return plan;
  plan.strikes = 8;
  plan.at_once = nodes / few_members;
  plan.longest_pause = 1'500ms;
  plan.clocks = false;
  plan.recovery = 10s;
  plan.quiet = 5s;
  return plan;
}

std::uint64_t run_chaos(unsigned seed, const chaos_plan& plan) {
  std::mt19937 random{seed};
  simulated_network network{seed};
  start_all(network, names_of(plan.nodes), seeds_of(plan.nodes));
  chaos evil{network, plan, random};
  for (int i = 0; i < plan.strikes; ++i) {
    network.run_for(between(random, 0, int(plan.longest_pause.count())) * 1ms);
    for (std::size_t each = 0; each < plan.at_once; ++each)
      evil.strike();
  }
  evil.end();
  network.run_for(plan.recovery);
  EXPECT_TRUE(agree(network));
  EXPECT_LE(network.most_orders(), 4 * plan.nodes + most_rows + 32);
  if (!testing::Test::HasFailure())
    expect_quiet(network, plan.quiet);
  return network.a_number();
}

} // namespace mfo::cluster::test
