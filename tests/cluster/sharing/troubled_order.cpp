#include "tests/cluster/sharing/troubled_order.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::size_t few_in_order = 32;
/// Of 100 ms; the last event is over when its time is up, after 8 s.
constexpr int rounds_in_order = 200;
constexpr int quiet_in_order = 20;

} // namespace

order_plan order_plan_of(std::uint64_t seed, std::size_t nodes) {
  std::mt19937_64 random{seed};
  order_plan plan{.nodes = nodes};
  plan.keys = std::uniform_int_distribution<std::size_t>{1, 6}(random);
  plan.restarts = std::uniform_int_distribution<int>{0, 1}(random) == 0;
  if (nodes > few_in_order)
    plan.steps = 400;
  return plan;
}

std::string to_string(const order_plan& what) {
  return std::to_string(what.nodes) + " nodes, " + std::to_string(what.keys) +
         " keys" + (what.restarts ? ", restarts" : "");
}

troubled_order::troubled_order(std::uint64_t seed, const order_plan& what)
  : plan_(what), strikes_(1 + what.nodes / few_in_order) {
  all_.random.seed(seed);
  for (std::size_t i = 0; i < plan_.nodes; ++i)
    names_.push_back("node-" + std::to_string(i));
  all_.add_all(names_);
  all_.settle();
  for (const auto& name : names_)
    watch(all_.at(name));
}

void troubled_order::play() {
  for (int step = 0; step < plan_.steps && !testing::Test::HasFailure();
       ++step) {
    all_.now += std::chrono::milliseconds{pick(40)};
    for (std::size_t i = 0; i < strikes_; ++i)
      strike();
  }
  heal();
  come_to_rest();
  check_the_end();
}

std::size_t troubled_order::pick(std::size_t below) {
  return std::uniform_int_distribution<std::size_t>(0, below - 1)(all_.random);
}

work_node& troubled_order::some() {
  return all_.at(names_[pick(names_.size())]);
}

void troubled_order::watch(work_node& node) {
  node.began = [this](const core::event& what) {
    note(what);
  };
}

/// An event begins. Of those of its origin and key that its origin still waits
/// for, none that came after it may have begun before.
void troubled_order::note(const core::event& what) {
  auto& origin = *origins_.at(what.id);
  const bool first = begun_.insert(what.id).second;
  if (!first || !all_.is_there(origin) || !origin.answers[what.id].empty())
    return;
  auto& latest = latest_[{&origin, what.ordering_key}];
  const auto number = std::stoi(what.id);
  EXPECT_GE(number, latest) << "overtaken";
  latest = std::max(latest, number);
}

void troubled_order::strike() {
  switch (pick(41)) {
  case 0:
    return plan_.restarts ? restart(some().life.name) : void();
  case 1:
  case 2:
    return trouble_a_link();
  case 3:
  case 4:
    if (pick(6) == 0)
      all_.loads[some().life.name].draining = pick(3) == 0;
    return pick(strikes_) == 0 ? all_.tell_loads() : void();
  case 5:
  case 6:
  case 7:
  case 8:
  case 9:
  case 10:
  case 11:
  case 12:
    for (auto count = pick(6 + names_.size() / 4); count > 0; --count)
      all_.deliver_one();
    return sweep();
  default:
    if (pick(2) == 0)
      place_one();
    else
      end_one();
  }
}

void troubled_order::restart(const std::string& name) {
  auto& node = all_.restart(name);
  watch(node);
  all_.tell_loads(node);
}

void troubled_order::place_one() {
  auto& node = some();
  const auto id = std::to_string(++last_);
  origins_[id] = &node;
  const auto placed =
      node.work.place(all_.event(id, "key" + std::to_string(pick(plan_.keys))),
                      {.needed = role::runner}, all_.now);
  EXPECT_NE(placed.where, placement::place::here);
  if (placed.where == placement::place::nowhere)
    origins_.erase(id);
}

core::outcome troubled_order::some_end() {
  switch (pick(8)) {
  case 0:
    return core::refused(core::errc::draining);
  case 1:
    return core::refused(core::errc::upstream_failed);
  default:
    return {};
  }
}

void troubled_order::end_one() {
  auto& node = some();
  if (!node.runs.empty() && pick(2) == 0)
    node.finish_one(some_end());
  else if (!node.came_back.empty())
    node.finish_own(some_end());
}

void troubled_order::trouble_a_link() {
  auto& a = some();
  auto& b = some();
  if (&a == &b)
    return;
  all_.unlink(a, b);
  if (pick(3) > 0)
    all_.link(a, b);
  if (pick(2 * strikes_) == 0)
    all_.tell_loads();
}

void troubled_order::sweep() {
  for (const auto& name : names_)
    all_.at(name).work.sweep(all_.now);
}

void troubled_order::heal() {
  for (auto& [name, load] : all_.loads)
    load = {.max_in_flight = 100};
  for (const auto& a : names_)
    for (const auto& b : names_)
      if (a < b) {
        all_.unlink(all_.at(a), all_.at(b));
        all_.link(all_.at(a), all_.at(b));
      }
  all_.tell_loads();
}

/// And stay so.
void troubled_order::come_to_rest() {
  int quiet = 0;
  for (int round = 0; round < rounds_in_order && quiet < quiet_in_order;
       ++round) {
    all_.now += 100ms;
    all_.settle();
    for (const auto& name : names_) {
      auto& node = all_.at(name);
      while (!node.runs.empty())
        node.finish_one();
      while (!node.came_back.empty())
        node.finish_own();
    }
    sweep();
    quiet = is_at_rest() ? quiet + 1 : 0;
  }
}

bool troubled_order::is_at_rest() {
  return std::all_of(names_.begin(), names_.end(), [this](const auto& name) {
    const auto& work = all_.at(name).work;
    return work.in_line() == 0 && work.waiting() == 0 && work.away() == 0 &&
           work.running() == 0;
  });
}

void troubled_order::check_the_end() {
  for (const auto& [id, origin] : origins_) {
    if (!all_.is_there(*origin))
      continue; // nobody is left to be answered
    EXPECT_THAT(origin->answers[id], SizeIs(1)) << "event " << id;
  }
  EXPECT_TRUE(is_at_rest());
  EXPECT_GT(begun_.size(), origins_.size() / 4);
  for (const auto& name : names_)
    EXPECT_THAT(all_.at(name).faults, IsEmpty()) << name;
}

} // namespace mfo::cluster::test
