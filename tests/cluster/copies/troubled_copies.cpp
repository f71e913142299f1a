#include "tests/cluster/copies/troubled_copies.hpp"

#include "tests/core/seeds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;
using mfo::test::between;

constexpr std::size_t few_nodes = 32;
/// Half a second each; it takes about `patience` and two audits.
constexpr int rounds_to_rest = 40;

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

} // namespace

copies_plan copies_plan_of(unsigned seed) {
  std::mt19937 random{seed};
  // Mostly few: they meet more.
  return copies_plan_of(seed,
                        between(random, 0, 11) > 0
                            ? between(random, std::size_t{2}, std::size_t{6})
                            : between(random, std::size_t{7}, few_nodes));
}

copies_plan copies_plan_of(unsigned seed, std::size_t nodes) {
  std::mt19937 random{seed};
  copies_plan plan{.nodes = nodes};
  plan.copies =
      between(random, std::size_t{1}, std::min<std::size_t>(3, nodes - 1));
  if (nodes > few_nodes)
    plan.steps = 200;
  plan.crashes = between(random, 0, 3) > 0;
  plan.drains = between(random, 0, 1) > 0;
  plan.partitions = between(random, 0, 1) > 0;
  return plan;
}

std::string to_string(const copies_plan& what) {
  return std::to_string(what.nodes) + " nodes, up to " +
         std::to_string(what.copies) + " copies" +
         (what.crashes ? ", crashes" : "") + (what.drains ? ", drains" : "") +
         (what.partitions ? ", partitions" : "");
}

troubled_copies::troubled_copies(unsigned seed, const copies_plan& what)
  : plan_(what), all_(tight_settings()) {
  all_.random.seed(seed);
  for (std::size_t i = 0; i < plan_.nodes; ++i)
    names_.push_back("node-" + std::to_string(i));
  // An event runs a second time only where its origin is believed dead.
  all_.on_take_over = [this](const copy_node& by, const node_life& origin) {
    EXPECT_FALSE(all_.believes_linked(by.life.name, origin))
        << by.life.name << " takes over from " << origin.name
        << ", to which it has a link";
  };
  all_.add_all(names_);
}

copy_ledger::totals troubled_copies::play() {
  const auto strikes = 1 + plan_.nodes / few_nodes;
  for (int step = 0; step < plan_.steps && !testing::Test::HasFailure();
       ++step) {
    all_.now += std::chrono::milliseconds{pick(20)};
    for (std::size_t i = 0; i < strikes; ++i)
      strike();
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

std::size_t troubled_copies::pick(std::size_t below) {
  return between(all_.random, std::size_t{0}, below - 1);
}

const std::string& troubled_copies::some_name() {
  return names_[pick(names_.size())];
}

void troubled_copies::strike() {
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
    if (plan_.crashes && pick(6) == 0)
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
    return regroup();
  case 11:
    if (plan_.drains && pick(2) == 0)
      all_.draining.insert(name);
    else
      all_.draining.erase(name);
    return;
  default:
    connect_some();
  }
}

void troubled_copies::begin_some(copy_node& node) {
  for (auto left = 1 + pick(4); left > 0; --left) {
    // Now and then one that is open, or was.
    const auto id = std::to_string(pick(5) > 0 ? ++last_id_ : pick(50));
    // Many are refused, as there is little room.
    static_cast<void>(
        node.begin(all_.event(id, pick(1'500)), 1 + pick(plan_.copies)));
  }
}

void troubled_copies::finish_some(copy_node& node) {
  for (auto left = pick(5); left > 0 && !node.open.empty(); --left) {
    auto some = node.open.begin();
    std::advance(some, pick(node.open.size()));
    node.finish(std::string(*some));
  }
  for (auto left = pick(3); left > 0 && !node.runs.empty(); --left)
    node.finish_taken();
}

void troubled_copies::finish_all(copy_node& node) {
  while (!node.open.empty())
    node.finish(std::string(*node.open.begin()));
  while (!node.runs.empty())
    node.finish_taken();
}

void troubled_copies::regroup() {
  if (!plan_.partitions || pick(8) > 0) {
    if (pick(4) == 0)
      groups_.clear();
    return;
  }
  for (const auto& each : names_)
    groups_[each] = pick(2);
}

void troubled_copies::connect_some() {
  const auto are_parted = [this](const std::string& a, const std::string& b) {
    return !groups_.empty() && groups_.at(a) != groups_.at(b);
  };
  for (auto left = names_.size(); left > 0; --left) {
    const auto& a = some_name();
    const auto& b = some_name();
    if (a != b && !are_parted(a, b) && all_.find(a) != nullptr &&
        all_.find(b) != nullptr && !all_.is_linked(a, b))
      all_.link(a, b);
  }
  if (groups_.empty())
    return;
  for (const auto& a : names_)
    for (const auto& b : names_)
      if (a < b && are_parted(a, b))
        all_.cut(a, b);
}

void troubled_copies::tick() {
  // Not so seldom that a link is trusted no more before a view shows it.
  if (pick(3) > 0 || ++untold_ > 2) {
    untold_ = 0;
    all_.tell_views();
  }
  for (auto* node : all_.running())
    node->desk.sweep(all_.now);
}

void troubled_copies::check_bounds() {
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

void troubled_copies::heal() {
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

void troubled_copies::come_to_rest() {
  for (int round = 0; round < rounds_to_rest; ++round) {
    pass_half_a_second();
    all_.books.check(all_);
    for (auto* node : all_.running())
      finish_all(*node);
    if (is_at_rest() && round > 2)
      break;
  }
  all_.books.check_all_ended(all_);
  EXPECT_TRUE(is_at_rest());
  expect_quiet();
  for (const auto* node : all_.running())
    EXPECT_THAT(node->faults, testing::IsEmpty()) << node->life.name;
}

void troubled_copies::pass_half_a_second() {
  all_.tell_views();
  for (int i = 0; i < 5; ++i) {
    all_.now += 100ms;
    for (auto* node : all_.running())
      node->desk.sweep(all_.now);
    all_.settle();
  }
}

/// Once the last word has been acknowledged nothing is said any more but an
/// audit now and then, which has no answer.
void troubled_copies::expect_quiet() {
  pass_half_a_second();
  const auto said = all_.messages;
  pass_half_a_second();
  pass_half_a_second();
  const auto ways = names_.size() * (names_.size() - 1);
  const auto audits = plan_.drains ? 1s / all_.settings.audit_draining_every + 1
                                   : 1s / all_.settings.audit_every + 1;
  EXPECT_LE(all_.messages - said, ways * static_cast<std::uint64_t>(audits))
      << "they go on talking";
  EXPECT_TRUE(is_at_rest());
}

bool troubled_copies::is_at_rest() {
  const auto nodes = all_.running();
  return std::all_of(nodes.begin(), nodes.end(), [](const auto* node) {
    return node->desk.open() == 0 && node->desk.open_bytes() == 0 &&
           node->desk.replicas() == 0 && node->desk.replica_bytes() == 0 &&
           node->desk.running() == 0;
  });
}

} // namespace mfo::cluster::test
