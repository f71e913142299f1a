#include "tests/cluster/sharing/troubled_order.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace mfo::cluster::test {

namespace {

using ::testing::SizeIs;

constexpr std::size_t few_in_order = 32;
/// Of 100 ms; the last event is over when its time is up, after 8 s.
constexpr int rounds_in_order = 200;

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
  : troubled_work(seed,
                  {.nodes = what.nodes,
                   .steps = what.steps,
                   .longest_pause = 40,
                   .rounds = rounds_in_order},
                  {}),
    plan_(what) {
  watch_all();
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
    return plan_.restarts ? restart(some()) : void();
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

void troubled_order::finish(work_node& node) {
  while (!node.runs.empty())
    node.finish_one();
  while (!node.came_back.empty())
    node.finish_own();
}

bool troubled_order::is_at_rest(const dispatcher& work) const {
  return work.in_line() == 0 && work.waiting() == 0 && work.away() == 0 &&
         work.running() == 0;
}

void troubled_order::check_the_end() {
  for (const auto& [id, origin] : origins_) {
    if (!all_.is_there(*origin))
      continue; // nobody is left to be answered
    EXPECT_THAT(origin->answers[id], SizeIs(1)) << "event " << id;
  }
  EXPECT_GT(begun_.size(), origins_.size() / 4);
}

} // namespace mfo::cluster::test
