#include "cluster/rules/ownership.hpp"

#include "cluster/rules/rendezvous.hpp"

#include <algorithm>

namespace mfo::cluster {

namespace {

std::chrono::milliseconds to_ms(ownership::clock::duration span) {
  return std::max(std::chrono::floor<std::chrono::milliseconds>(span),
                  std::chrono::milliseconds{0});
}

} // namespace

ownership::ownership(node_life self, bounds limits)
  : self_(std::move(self)), limits_(limits) {}

void ownership::set_view(const std::vector<node_life>& members) {
  lives_.clear();
  names_.clear();
  for (const auto& member : members) {
    lives_[member.name] = member.incarnation;
    names_.push_back(member.name);
  }
  scanned_up_to_.reset();
  if (!entries_.empty())
    scanned_up_to_ = order_key{clock::time_point::min(), 0};
}

std::optional<node_life> ownership::owner(const std::string& id) const {
  if (names_.empty())
    return std::nullopt;
  auto name = owner_of(id, names_);
  const auto incarnation = lives_.at(name);
  return node_life{.name = std::move(name), .incarnation = incarnation};
}

bool ownership::is_current(const std::string& id,
                           const node_life& answered) const {
  return owner(id) == answered;
}

ownership::verdict ownership::claim(const std::string& id, const claimant& who,
                                    clock::time_point deadline,
                                    clock::time_point now) {
  if (!is_mine(id))
    return verdict::not_owner;
  forget(now);
  if (const auto found = entries_.find(id); found != entries_.end()) {
    const auto& known = found->second;
    if (known.what == state::done)
      return verdict::taken;
    // Its holder may be lost already, which nobody knows at once.
    if (known.what == state::held)
      return known.by.node == who.node ? verdict::taken : verdict::in_progress;
    if (known.by != who && known.deadline > now)
      return verdict::in_progress;
  }
  put(id, {.by = who, .deadline = deadline}, now);
  return verdict::fresh;
}

bool ownership::settle(const std::string& id, const claimant& who,
                       core::delivery_end end, clock::time_point now) {
  if (!is_mine(id))
    return false;
  const auto found = entries_.find(id);
  if (end == core::delivery_end::failed) {
    if (found != entries_.end() && found->second.by == who)
      erase(found);
    return true;
  }
  const auto what = end == core::delivery_end::held ? state::held : state::done;
  if (found != entries_.end() && found->second.what > what)
    return true;
  // Since the claim, so that a repetition does not make it younger.
  const auto since = found == entries_.end() ? now : found->second.place.first;
  put(id, {.what = what, .by = what == state::held ? who : claimant{}}, since);
  return true;
}

void ownership::claimant_gone(const node_life& node) {
  for (auto next = entries_.begin(); next != entries_.end();) {
    const auto which = next++;
    if (which->second.by.node == node)
      erase(which);
  }
}

std::vector<ownership::hand_over>
ownership::next_hand_over(std::size_t most, clock::time_point now) {
  std::map<node_life, std::vector<record>> moving;
  forget(now);
  while (scanned_up_to_ && most-- > 0) {
    const auto next = order_.upper_bound(*scanned_up_to_);
    if (next == order_.end()) {
      scanned_up_to_.reset();
      break;
    }
    scanned_up_to_ = next->first;
    const auto to = owner(next->second);
    if (!to || *to == self_)
      continue;
    const auto found = entries_.find(next->second);
    const auto& known = found->second;
    moving[*to].push_back({.id = found->first,
                           .what = known.what,
                           .by = known.by,
                           .left = known.what == state::running
                                       ? to_ms(known.deadline - now)
                                       : std::chrono::milliseconds{0},
                           .age = to_ms(now - known.place.first)});
    erase(found);
  }
  std::vector<hand_over> batches;
  for (auto& [to, records] : moving)
    batches.push_back({.to = to, .records = std::move(records)});
  return batches;
}

void ownership::merge(const std::vector<record>& records,
                      clock::time_point now) {
  for (const auto& one : records) {
    const auto found = entries_.find(one.id);
    if (found != entries_.end() && found->second.what >= one.what)
      continue;
    put(one.id, {.what = one.what, .by = one.by, .deadline = now + one.left},
        now - one.age);
  }
  forget(now);
}

bool ownership::is_mine(const std::string& id) const {
  return owner(id) == self_;
}

void ownership::put(const std::string& id, entry what,
                    clock::time_point since) {
  if (limits_.max_ids == 0)
    return;
  what.place = {since, ++turns_};
  const auto [found, is_new] = entries_.try_emplace(id);
  if (!is_new)
    order_.erase(found->second.place);
  order_.emplace(what.place, id);
  found->second = std::move(what);
  if (entries_.size() > limits_.max_ids)
    erase(entries_.find(order_.begin()->second));
}

void ownership::erase(entries::iterator which) {
  order_.erase(which->second.place);
  entries_.erase(which);
}

void ownership::forget(clock::time_point now) {
  while (!order_.empty() && order_.begin()->first.first + limits_.age <= now)
    erase(entries_.find(order_.begin()->second));
}

} // namespace mfo::cluster
