#include "tests/cluster/sharing/troubled_sharing.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;

/// Of 100 ms; the last event is over when its time is up, after 8 s.
constexpr int rounds_to_end = 400;

/// Room that is used up now and then.
sharing_settings settings_of(const sharing_plan& plan) {
  sharing_settings all;
  if (!plan.tight)
    return all;
  all.sent = {.max_events = 12, .max_bytes = 4'000, .max_moves = 2};
  all.taken = {
      .max_running = 4, .max_known = 20, .known_for = 5s, .max_waiting = 10};
  all.batch = {.max_events = 3, .max_bytes = 1'000};
  all.max_waiting = 5;
  return all;
}

} // namespace

sharing_plan sharing_plan_of(std::uint64_t seed, std::size_t nodes) {
  std::mt19937_64 random{seed};
  const auto coin = [&random] {
    return std::uniform_int_distribution<int>{0, 1}(random) == 0;
  };
  sharing_plan plan{.nodes = nodes};
  plan.restarts = coin();
  plan.tight = coin();
  return plan;
}

std::string to_string(const sharing_plan& what) {
  return std::to_string(what.nodes) + " nodes" +
         (what.restarts ? ", restarts" : "") +
         (what.tight ? ", little room" : "");
}

troubled_sharing::troubled_sharing(std::uint64_t seed, const sharing_plan& what)
  : troubled_work(seed,
                  {.nodes = what.nodes,
                   .steps = what.steps,
                   .longest_pause = 50,
                   .rounds = rounds_to_end},
                  settings_of(what)),
    plan_(what) {
  watch_all();
}

void troubled_sharing::watch(work_node& node) {
  node.began = [this](const core::event& what) {
    ++records_[what.id].runs;
  };
  node.went = [this](const core::event& what) {
    ++records_[what.id].went;
  };
}

void troubled_sharing::strike() {
  auto& a = some();
  auto& b = some();
  switch (pick(17)) {
  case 0:
  case 1:
    if (!a.runs.empty())
      a.finish_one();
    return;
  case 2:
  case 3:
    if (&a != &b)
      all_.unlink(a, b);
    return;
  case 4:
  case 5:
    if (&a == &b)
      return;
    all_.unlink(a, b);
    return all_.link(a, b);
  case 6:
  case 7:
    return change_a_load();
  case 8:
  case 9:
    return deliver_some();
  case 10:
    return plan_.restarts && pick(4) == 0 ? restart(a) : void();
  default:
    place_one();
  }
}

void troubled_sharing::place_one() {
  auto& node = some();
  const auto id = std::to_string(++last_);
  records_[id].origin = &node;
  const auto placed =
      node.work.place(all_.event(id), {.needed = role::runner}, all_.now);
  if (placed.where != placement::place::peer)
    records_.erase(id);
}

void troubled_sharing::change_a_load() {
  auto& load = all_.loads[names_[pick(names_.size())]];
  load.queue_depth = static_cast<std::uint32_t>(pick(60));
  load.in_flight = static_cast<std::uint32_t>(pick(101));
  load.draining = pick(6) == 0;
  if (pick(strikes_) == 0)
    all_.tell_loads();
}

void troubled_sharing::deliver_some() {
  for (auto count = pick(5 + names_.size() / 4); count > 0; --count)
    all_.deliver_one();
  sweep();
}

void troubled_sharing::sweep() {
  for (const auto& name : names_) {
    auto& work = all_.at(name).work;
    work.sweep(all_.now);
    EXPECT_LE(work.away(), settings_.sent.max_events) << name;
    EXPECT_LE(work.running(), settings_.taken.max_running) << name;
    // Whatever was at peers may come back.
    EXPECT_LE(work.waiting(), settings_.max_waiting + settings_.sent.max_events)
        << name;
  }
}

void troubled_sharing::finish(work_node& node) {
  while (!node.runs.empty())
    node.finish_one();
}

bool troubled_sharing::is_at_rest(const dispatcher& work) const {
  return work.away() == 0 && work.running() == 0 && work.waiting() == 0;
}

/// Each event has one answer, or is its node's to run, once; and it ran no more
/// often than it was given to somebody.
void troubled_sharing::check_the_end() {
  for (auto& [id, it] : records_) {
    if (it.origin == nullptr || !all_.is_there(*it.origin))
      continue; // nobody is left to be answered
    const auto came_back = std::count_if(
        it.origin->came_back.begin(), it.origin->came_back.end(),
        [&, wanted = id](const auto& event) { return event->id == wanted; });
    const auto answers =
        static_cast<std::ptrdiff_t>(it.origin->answers[id].size());
    EXPECT_EQ(came_back + answers, 1) << "event " << id;
    EXPECT_LE(it.runs, it.went + came_back) << "event " << id;
  }
}

} // namespace mfo::cluster::test
