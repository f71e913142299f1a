#include "cluster/rules/schedule_owner.hpp"

#include "cluster/rules/rendezvous.hpp"

#include <algorithm>
#include <utility>

namespace mfo::cluster {

std::string tick_id(const tick_record& tick) {
  return "tick/" + tick.trigger + "/" + std::to_string(tick.tick.count());
}

schedule_owner::schedule_owner(std::string self, bounds limits)
  : self_(std::move(self)), limits_(limits) {}

schedule_owner::verdict
schedule_owner::decide(const tick_record& what, std::chrono::milliseconds now,
                       std::span<const std::string> names) const {
  if (what.tick > now)
    return verdict::early;
  if (owner_of(what.trigger, names) != self_)
    return verdict::not_mine;
  const auto latest = fired_.find(what.trigger);
  if (latest != fired_.end() && latest->second >= what.tick)
    return verdict::fired;
  return now - what.tick > limits_.grace ? verdict::missed : verdict::fire;
}

bool schedule_owner::fired(const tick_record& what) {
  const auto found = fired_.find(what.trigger);
  if (found != fired_.end()) {
    found->second = std::max(found->second, what.tick);
    return true;
  }
  if (fired_.size() >= limits_.max_triggers)
    return false;
  fired_.emplace(what.trigger, what.tick);
  return true;
}

void schedule_owner::forget(const std::string& trigger) {
  fired_.erase(trigger);
}

std::vector<tick_record> schedule_owner::records() const {
  std::vector<tick_record> all;
  all.reserve(fired_.size());
  for (const auto& [trigger, tick] : fired_)
    all.push_back({.trigger = trigger, .tick = tick});
  return all;
}

std::string_view to_string(schedule_owner::verdict verdict) noexcept {
  using kind = schedule_owner::verdict;
  switch (verdict) {
  case kind::fire:
    return "fire";
  case kind::early:
    return "early";
  case kind::not_mine:
    return "not_mine";
  case kind::fired:
    return "fired";
  case kind::missed:
    return "missed";
  }
  return "unknown";
}

} // namespace mfo::cluster
