#include "tests/cluster/rules/simulated_cluster.hpp"

#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace mfo::cluster::simulated {

using namespace std::chrono_literals;
using mfo::test::between;

namespace {

constexpr std::size_t burst = 30; ///< events, at most
constexpr std::string_view name_begins = "node-";
/// A cluster that is larger is struck at several places at once, and not for so
/// long: what it costs grows with the square of its size.
constexpr std::size_t few_nodes = 32;

} // namespace

plan plan_of(unsigned seed) {
  std::mt19937 random{seed};
  // Mostly few: they meet more.
  return plan_of(seed, between(random, 0, 5) > 0
                           ? between(random, std::size_t{2}, std::size_t{6})
                           : between(random, std::size_t{7}, few_nodes));
}

plan plan_of(unsigned seed, std::size_t nodes) {
  std::mt19937 random{seed};
  plan what;
  what.nodes = nodes;
  what.copies =
      between(random, std::size_t{1}, std::min<std::size_t>(3, nodes - 1));
  if (nodes > few_nodes)
    what.trouble = 5s;
  what.crashes = between(random, 0, 3) > 0;
  what.cuts = between(random, 0, 3) > 0;
  what.partitions = between(random, 0, 1) > 0;
  what.stalls = between(random, 0, 1) > 0;
  what.max_moves = between(random, 0U, 3U);
  what.intake_only = between(random, std::size_t{0}, (nodes - 1) / 2);
  return what;
}

std::string to_string(const plan& what) {
  return std::to_string(what.nodes) + " nodes, " +
         std::to_string(what.intake_only) + " of them without the role, " +
         std::to_string(what.copies) + " copies, " +
         std::to_string(what.max_moves) + " moves" +
         (what.crashes ? ", crashes" : "") + (what.cuts ? ", cuts" : "") +
         (what.partitions ? ", partitions" : "") +
         (what.stalls ? ", stalls" : "");
}

cluster::cluster(unsigned seed, const plan& what)
  : plan_(what), random_(seed), links_(what.nodes * what.nodes),
    troubled_until_(now() + what.trouble) {
  for (std::size_t i = 0; i < plan_.nodes; ++i)
    hosts_.push_back({.name = std::string(name_begins) + std::to_string(i)});
  for (std::size_t i = 0; i < plan_.nodes; ++i)
    start(i);
  connect_all();
  every(100ms, [this] { connect_all(); });
  every(100ms, [this] { books_.check(eyes()); });
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
  agenda_.run_until(troubled_until_ + 5s);
  while (!testing::Test::HasFailure() && !is_at_rest() && now() < give_up)
    agenda_.run_until(now() + 100ms);
  EXPECT_EQ(leftovers(), "");
  books_.check_all_ended(eyes());
  expect_quiet();
}

/// At once, or when the process that stands still there goes on.
template <class Action>
void cluster::at_host(std::size_t which, Action what) {
  auto& where = hosts_[which];
  if (where.frozen)
    where.held.push_back(std::move(what));
  else
    what();
}

void cluster::after(const node_life& at, clock::duration delay,
                    node_action what) {
  agenda_.in(delay, [this, at, what = std::move(what)]() mutable {
    if (find(at) != nullptr)
      at_host(index_of(at.name), [this, at, what = std::move(what)] {
        if (auto* living = find(at))
          what(*living);
      });
  });
}

void cluster::send(const node_life& from, const std::string& to,
                   std::uint64_t link, node_action what) {
  const auto here = index_of(from.name);
  const auto there = index_of(to);
  auto& state = link_of(here, there);
  if (!state.up || state.number != link)
    return;
  auto& last = state.last_arrival.at(here < there ? 0 : 1);
  last = std::max(last, now() + a_delay(1, 20) + state.lag);
  agenda_.at(last, [this, here, there, link, what = std::move(what)]() mutable {
    at_host(there, [this, here, there, link, what = std::move(what)] {
      const auto& current = link_of(here, there);
      if (current.up && current.number == link)
        what(*hosts_[there].process);
    });
  });
}

std::size_t cluster::index_of(const std::string& name) const {
  std::size_t index = hosts_.size();
  std::from_chars(name.data() + name_begins.size(), name.data() + name.size(),
                  index);
  return index;
}

cluster::link_state& cluster::link_of(std::size_t a, std::size_t b) {
  return links_[std::min(a, b) * hosts_.size() + std::max(a, b)];
}

node* cluster::find(const node_life& life) const {
  auto* const found = hosts_[index_of(life.name)].process.get();
  return found != nullptr && found->self() == life ? found : nullptr;
}

void cluster::start(std::size_t which) {
  auto& where = hosts_[which];
  node_traits traits;
  traits.at_peers.max_moves = plan_.max_moves;
  if (which < plan_.intake_only)
    traits.roles = {role::intake};
  const node_life life{.name = where.name, .incarnation = ++where.lives};
  where.process = std::make_unique<node>(life, traits, *this);
  tick(life);
}

void cluster::crash(std::size_t which) {
  auto& where = hosts_[which];
  if (where.process == nullptr)
    return;
  where.process = nullptr;
  where.frozen = false;
  where.held.clear();
  for (std::size_t other = 0; other < hosts_.size(); ++other)
    if (other != which)
      cut(which, other);
  agenda_.in(a_delay(100, 4'000), [this, which] { start(which); });
}

/// Others take it for silent meanwhile.
void cluster::freeze(std::size_t which) {
  auto& where = hosts_[which];
  if (where.process == nullptr || where.frozen)
    return;
  where.frozen = true;
  agenda_.in(a_delay(100, 4'000), [this, life = where.process->self()] {
    if (find(life) == nullptr)
      return;
    auto& thawed = hosts_[index_of(life.name)];
    thawed.frozen = false;
    for (const auto& what : std::exchange(thawed.held, {}))
      what();
  });
}

/// What is on the link is lost, and each end that lives learns that on its own.
void cluster::cut(std::size_t a, std::size_t b) {
  auto& state = link_of(a, b);
  if (!state.up)
    return;
  state.up = false;
  for (const auto& [own, other] : {std::pair{a, b}, {b, a}}) {
    ++state.to_notice;
    const auto& process = hosts_[own].process;
    const auto life = process == nullptr ? node_life{} : process->self();
    agenda_.in(a_delay(0, 100), [this, own = own, other = other, life] {
      auto& lost = link_of(own, other);
      --lost.to_notice;
      if (life.name.empty())
        return;
      at_host(own, [this, life, other, number = lost.number] {
        if (auto* living = find(life))
          living->link_lost(hosts_[other].name, number);
      });
    });
  }
}

/// So that what is said comes too late, and is believed lost.
void cluster::slow_down(std::size_t a, std::size_t b) {
  link_of(a, b).lag = a_delay(100, 3'000);
}

void cluster::partition() {
  parted_ = true;
  for (auto& each : hosts_)
    each.group = between(random_, 0, 1);
  for (std::size_t a = 0; a < hosts_.size(); ++a)
    for (std::size_t b = a + 1; b < hosts_.size(); ++b)
      if (hosts_[a].group != hosts_[b].group)
        cut(a, b);
}

void cluster::heal() {
  parted_ = false;
  for (auto& each : hosts_)
    each.group = 0;
  for (auto& each : links_)
    each.lag = {};
}

/// A link that is down comes back soon, with a new number.
void cluster::connect_all() {
  for (std::size_t a = 0; a < hosts_.size(); ++a) {
    for (std::size_t b = a + 1; b < hosts_.size(); ++b) {
      auto& state = link_of(a, b);
      const auto& first = hosts_[a];
      const auto& second = hosts_[b];
      if (state.up || state.to_notice > 0 || first.process == nullptr ||
          second.process == nullptr || first.frozen || second.frozen ||
          first.group != second.group || between(random_, 0, 1) == 0)
        continue;
      state = {.number = ++link_numbers_, .up = true};
      first.process->link_opened(second.process->self(), state.number);
      second.process->link_opened(first.process->self(), state.number);
    }
  }
}

void cluster::trouble() {
  if (now() >= troubled_until_)
    return heal();
  for (std::size_t i = 0; i < 1 + plan_.nodes / few_nodes; ++i)
    strike();
  if (between(random_, 0, 3) == 0) {
    if (plan_.partitions && !parted_)
      partition();
    else
      heal();
  }
  agenda_.in(a_delay(50, 800), [this] { trouble(); });
}

void cluster::strike() {
  const auto a = some();
  const auto b = some();
  switch (between(random_, 0, 5)) {
  case 0:
  case 1:
    if (plan_.crashes)
      crash(a);
    break;
  case 2:
    if (plan_.stalls)
      freeze(a);
    break;
  case 3:
    if (plan_.stalls && a != b)
      slow_down(a, b);
    break;
  default:
    if (plan_.cuts && a != b)
      cut(a, b);
  }
}

/// A burst of events at one node, so that it is too much for it.
void cluster::admit(std::size_t first, std::size_t end) {
  const auto& where = hosts_[some()];
  if (where.process == nullptr || where.frozen)
    return;
  for (auto number = first; number < end; ++number)
    where.process->admit(
        {.id = "event-" + std::to_string(number),
         .content = nullptr,
         .bytes = between(random_, std::size_t{10}, std::size_t{1'500})},
        number % 3 == 0 ? 0 : plan_.copies);
}

void cluster::tick(const node_life& life) {
  after(life, a_delay(150, 250), [this, life](node& at) {
    at.tick();
    tick(life);
  });
}

void cluster::every(clock::duration interval, agenda::action what) {
  agenda_.in(interval, [this, interval, what] {
    what();
    every(interval, what);
  });
}

/// When what is on its way has come, nobody says anything new.
void cluster::expect_quiet() {
  if (testing::Test::HasFailure())
    return;
  agenda_.run_until(now() + 1s);
  const auto said = news();
  agenda_.run_until(now() + 2s);
  EXPECT_EQ(news(), said) << "they go on talking";
  EXPECT_EQ(leftovers(), "");
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
            return std::any_of(hosts_.begin(), hosts_.end(),
                               [&](const host& one) {
                                 return one.process != nullptr &&
                                        one.process->holds(origin, id);
                               });
          }};
}

std::uint64_t cluster::news() const {
  std::uint64_t sum = 0;
  for (const auto& each : hosts_)
    sum += each.process->news();
  return sum;
}

/// All are linked, and nothing is stored.
bool cluster::is_at_rest() const {
  for (std::size_t a = 0; a < hosts_.size(); ++a)
    for (std::size_t b = a + 1; b < hosts_.size(); ++b)
      if (!links_[a * hosts_.size() + b].up)
        return false;
  return std::all_of(hosts_.begin(), hosts_.end(), [](const host& each) {
    return each.process != nullptr && each.process->is_at_rest();
  });
}

std::string cluster::leftovers() const {
  std::string all;
  for (const auto& each : hosts_)
    all += each.process == nullptr ? each.name + " is down\n"
                                   : each.process->leftovers();
  return all;
}

clock::duration cluster::a_delay(int from_ms, int to_ms) {
  return between(random_, from_ms, to_ms) * 1ms;
}

std::size_t cluster::some() {
  return between(random_, std::size_t{0}, hosts_.size() - 1);
}

} // namespace mfo::cluster::simulated
