#include "tests/cluster/rules/simulated_cluster.hpp"

#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace mfo::cluster::simulated {

using namespace std::chrono_literals;
using test::between;

namespace {

constexpr std::size_t burst = 30; ///< events, at most

} // namespace

plan plan_of(unsigned seed) {
  std::mt19937 random{seed};
  plan what;
  // Mostly few: they meet more.
  what.nodes = between(random, 0, 5) > 0
                   ? between(random, std::size_t{2}, std::size_t{6})
                   : between(random, std::size_t{7}, std::size_t{32});
  what.copies =
      between(random, std::size_t{1}, std::min<std::size_t>(3, what.nodes - 1));
  what.crashes = between(random, 0, 3) > 0;
  what.cuts = between(random, 0, 3) > 0;
  what.partitions = between(random, 0, 1) > 0;
  what.max_moves = between(random, 0U, 3U);
  what.intake_only = between(random, std::size_t{0}, (what.nodes - 1) / 2);
  return what;
}

std::string to_string(const plan& what) {
  return std::to_string(what.nodes) + " nodes, " +
         std::to_string(what.intake_only) + " of them without the role, " +
         std::to_string(what.copies) + " copies, " +
         std::to_string(what.max_moves) + " moves" +
         (what.crashes ? ", crashes" : "") + (what.cuts ? ", cuts" : "") +
         (what.partitions ? ", partitions" : "");
}

cluster::cluster(unsigned seed, const plan& what)
  : plan_(what), random_(seed), troubled_until_(now() + what.trouble) {
  for (std::size_t i = 0; i < plan_.nodes; ++i)
    names_.push_back("node-" + std::to_string(i));
  for (const auto& name : names_)
    start(name);
  connect_all();
  every(100ms, [this] { connect_all(); });
  every(100ms, [this] { check(); });
  for (std::size_t i = 0; i < plan_.events;) {
    const auto end =
        std::min(plan_.events, i + between(random_, std::size_t{1}, burst));
    agenda_.in(a_delay(100, static_cast<int>(plan_.trouble / 1ms)),
               [this, i, end] { admit(i, end); });
    i = end;
  }
  trouble();
}

void cluster::run() {
  const auto give_up = troubled_until_ + 60s;
  while (!testing::Test::HasFailure() && now() < give_up) {
    agenda_.step();
    if (now() > troubled_until_ + 5s && leftovers().empty())
      break;
  }
  EXPECT_EQ(leftovers(), "");
  books_.check_all_ended(eyes());
}

void cluster::after(const node_life& at, clock::duration delay,
                    node_action what) {
  agenda_.in(delay, [this, at, what = std::move(what)] {
    if (auto* living = find(at))
      what(*living);
  });
}

void cluster::send(const node_life& from, const std::string& to,
                   std::uint64_t link, node_action what) {
  const auto ends = key_of(from.name, to);
  auto& state = links_[ends];
  if (!state.up || state.number != link)
    return;
  auto& last = state.last_arrival.at(from.name == ends.first ? 0 : 1);
  last = std::max(last, now() + a_delay(1, 20));
  agenda_.at(last, [this, ends, to, link, what = std::move(what)] {
    const auto& current = links_[ends];
    if (current.up && current.number == link)
      what(*nodes_.at(to));
  });
}

cluster::pair_key cluster::key_of(const std::string& a, const std::string& b) {
  return {std::min(a, b), std::max(a, b)};
}

node* cluster::find(const node_life& life) {
  auto* found = find(life.name);
  return found != nullptr && found->self() == life ? found : nullptr;
}

node* cluster::find(const std::string& name) {
  return nodes_.at(name).get();
}

void cluster::start(const std::string& name) {
  node_traits traits;
  traits.at_peers.max_moves = plan_.max_moves;
  const auto index =
      std::find(names_.begin(), names_.end(), name) - names_.begin();
  if (static_cast<std::size_t>(index) < plan_.intake_only)
    traits.roles = {role::intake};
  const node_life life{.name = name, .incarnation = ++lives_[name]};
  nodes_[name] = std::make_unique<node>(life, traits, *this);
  tick(name);
}

void cluster::crash(const std::string& name) {
  if (find(name) == nullptr)
    return;
  nodes_[name] = nullptr;
  for (const auto& other : names_)
    if (other != name)
      cut(key_of(name, other));
  agenda_.in(a_delay(100, 4'000), [this, name] { start(name); });
}

/// What is on the link is lost, and each end that lives learns that on its own.
void cluster::cut(const pair_key& ends) {
  auto& state = links_[ends];
  if (!state.up)
    return;
  state.up = false;
  for (const auto& [own, other] :
       {std::pair{ends.first, ends.second}, {ends.second, ends.first}}) {
    ++state.to_notice;
    const auto* at = find(own);
    const auto life = at == nullptr ? node_life{} : at->self();
    agenda_.in(a_delay(0, 100), [this, ends, life, peer = other] {
      auto& lost = links_[ends];
      --lost.to_notice;
      if (life.name.empty())
        return;
      if (auto* living = find(life))
        living->link_lost(peer, lost.number);
    });
  }
}

void cluster::partition() {
  for (const auto& name : names_)
    groups_[name] = between(random_, 0, 1);
  for (const auto& [ends, state] : links_)
    if (groups_[ends.first] != groups_[ends.second])
      cut(ends);
}

void cluster::heal() {
  groups_.clear();
}

/// A link that is down comes back soon, with a new number.
void cluster::connect_all() {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    for (std::size_t j = i + 1; j < names_.size(); ++j) {
      const auto ends = key_of(names_[i], names_[j]);
      auto& state = links_[ends];
      auto* first = find(ends.first);
      auto* second = find(ends.second);
      if (state.up || state.to_notice > 0 || first == nullptr ||
          second == nullptr || groups_[ends.first] != groups_[ends.second] ||
          between(random_, 0, 1) == 0)
        continue;
      state = {.number = ++link_numbers_, .up = true};
      first->link_opened(second->self(), state.number);
      second->link_opened(first->self(), state.number);
    }
  }
}

void cluster::trouble() {
  if (now() >= troubled_until_)
    return heal();
  switch (between(random_, 0, 3)) {
  case 0:
    if (plan_.crashes)
      crash(some_name());
    break;
  case 1:
  case 2: {
    const auto& a = some_name();
    const auto& b = some_name();
    if (plan_.cuts && a != b)
      cut(key_of(a, b));
    break;
  }
  default:
    if (plan_.partitions && groups_.empty())
      partition();
    else
      heal();
  }
  agenda_.in(a_delay(50, 800), [this] { trouble(); });
}

/// A burst of events at one node, so that it is too much for it.
void cluster::admit(std::size_t first, std::size_t end) {
  auto* at = find(some_name());
  if (at == nullptr)
    return;
  for (auto number = first; number < end; ++number)
    at->admit({.id = "event-" + std::to_string(number),
               .content = nullptr,
               .bytes = between(random_, std::size_t{10}, std::size_t{1'500})},
              number % 3 == 0 ? 0 : plan_.copies);
}

void cluster::tick(const std::string& name) {
  after(find(name)->self(), a_delay(150, 250), [this, name](node& at) {
    at.tick();
    tick(name);
  });
}

void cluster::every(clock::duration interval, agenda::action what) {
  agenda_.in(interval, [this, interval, what] {
    what();
    every(interval, what);
  });
}

void cluster::check() {
  books_.check(eyes());
}

ledger::eyes cluster::eyes() {
  return {
      .lives = [this](const node_life& life) { return find(life) != nullptr; },
      .works_on =
          [this](const node_life& life, const std::string& id) {
            const auto* at = find(life);
            return at != nullptr && at->works_on(id);
          },
      .is_held =
          [this](const node_life& origin, const std::string& id) {
            return std::any_of(
                nodes_.begin(), nodes_.end(), [&](const auto& one) {
                  return one.second != nullptr && one.second->holds(origin, id);
                });
          }};
}

std::string cluster::leftovers() const {
  std::string all;
  for (const auto& [name, one] : nodes_)
    all += one == nullptr ? name + " is down\n" : one->leftovers();
  return all;
}

clock::duration cluster::a_delay(int from_ms, int to_ms) {
  return between(random_, from_ms, to_ms) * 1ms;
}

const std::string& cluster::some_name() {
  return names_[between(random_, std::size_t{0}, names_.size() - 1)];
}

} // namespace mfo::cluster::simulated
