#include "cluster/rules/replica_store.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mfo::cluster {

std::string_view to_string(keep_answer answer) noexcept {
  switch (answer) {
  case keep_answer::kept:
    return "kept";
  case keep_answer::too_many_events:
    return "too_many_events";
  case keep_answer::too_many_bytes:
    return "too_many_bytes";
  case keep_answer::taken_over:
    return "taken_over";
  }
  return "unknown";
}

replica_store::replica_store(node_life self, bounds limits)
  : self_(std::move(self)), limits_(limits) {}

keep_answer replica_store::keep(const node_life& origin, const parcel& event,
                                const holder_list& list) {
  if (auto* held = find(origin, event.id)) {
    if (held->taken)
      return keep_answer::taken_over;
    if (list.version > held->list.version)
      held->list = list;
    return keep_answer::kept;
  }
  if (size_ >= limits_.max_events)
    return keep_answer::too_many_events;
  if (event.bytes > limits_.max_bytes - std::min(bytes_, limits_.max_bytes))
    return keep_answer::too_many_bytes;
  origins_[origin].emplace(event.id, copy{.event = event, .list = list});
  ++size_;
  bytes_ += event.bytes;
  return keep_answer::kept;
}

bool replica_store::relist(const node_life& origin, const std::string& id,
                           const holder_list& list) {
  auto* held = find(origin, id);
  if (held == nullptr)
    return false;
  if (list.version > held->list.version)
    held->list = list;
  return true;
}

bool replica_store::release(const node_life& origin, const std::string& id) {
  const auto of = origins_.find(origin);
  if (of == origins_.end())
    return false;
  const auto found = of->second.find(id);
  if (found == of->second.end() || found->second.taken)
    return false;
  erase(of->second, found);
  if (of->second.empty())
    origins_.erase(of);
  return true;
}

std::vector<std::string> replica_store::audit(const node_life& origin,
                                              const audit_page& page) {
  std::vector<std::string> dropped;
  const auto of = origins_.find(origin);
  if (of == origins_.end())
    return dropped;
  auto& held = of->second;
  auto next = page.after.empty() ? held.begin() : held.upper_bound(page.after);
  while (next != held.end() &&
         (page.up_to.empty() || next->first <= page.up_to)) {
    if (next->second.taken ||
        std::binary_search(page.open.begin(), page.open.end(), next->first)) {
      ++next;
      continue;
    }
    dropped.push_back(next->first);
    next = erase(held, next);
  }
  if (held.empty())
    origins_.erase(of);
  return dropped;
}

std::vector<replica_store::take_over>
replica_store::due(const life_of& view, std::size_t most,
                   clock::time_point now) {
  std::vector<take_over> mine;
  for (auto& [origin, held] : origins_) {
    const bool alive = is_alive(view, origin);
    for (auto& [id, one] : held) {
      if (one.taken)
        continue;
      if (alive) {
        one.waits_since.reset();
        continue;
      }
      const auto& holders = one.list.holders;
      const auto first = std::find_if(
          holders.begin(), holders.end(), [&](const node_life& holder) {
            return holder == self_ || is_alive(view, holder);
          });
      const bool is_first = first == holders.end() || *first == self_;
      if (!one.waits_since)
        one.waits_since = now;
      if (!is_first && *one.waits_since + limits_.patience > now)
        continue;
      if (mine.size() >= most)
        return mine;
      one.taken = true;
      ++taken_;
      mine.push_back(
          {.origin = origin, .event = one.event, .impatient = !is_first});
    }
  }
  return mine;
}

std::vector<replica_store::elsewhere>
replica_store::concluded(const node_life& origin, const std::string& id) {
  const auto of = origins_.find(origin);
  if (of == origins_.end())
    return {};
  const auto found = of->second.find(id);
  if (found == of->second.end() || !found->second.taken)
    return {};
  auto copies_elsewhere = others(origin, found->second);
  erase(of->second, found);
  if (of->second.empty())
    origins_.erase(of);
  return copies_elsewhere;
}

std::vector<replica_store::elsewhere>
replica_store::running(std::size_t most) const {
  std::vector<elsewhere> all;
  if (taken_ == 0)
    return all;
  for (const auto& [origin, held] : origins_) {
    for (const auto& [id, one] : held) {
      if (!one.taken)
        continue;
      for (auto& other : others(origin, one)) {
        if (all.size() >= most)
          return all;
        all.push_back(std::move(other));
      }
    }
  }
  return all;
}

void replica_store::is_running(const node_life& origin, const std::string& id,
                               clock::time_point now) {
  auto* held = find(origin, id);
  if (held != nullptr && held->waits_since)
    held->waits_since = now;
}

bool replica_store::holds(const node_life& origin,
                          const std::string& id) const {
  const auto of = origins_.find(origin);
  return of != origins_.end() && of->second.contains(id);
}

replica_store::copy* replica_store::find(const node_life& origin,
                                         const std::string& id) {
  const auto of = origins_.find(origin);
  if (of == origins_.end())
    return nullptr;
  const auto found = of->second.find(id);
  return found == of->second.end() ? nullptr : &found->second;
}

replica_store::copies::iterator replica_store::erase(copies& of,
                                                     copies::iterator which) {
  --size_;
  bytes_ -= which->second.event.bytes;
  if (which->second.taken)
    --taken_;
  return of.erase(which);
}

std::vector<replica_store::elsewhere>
replica_store::others(const node_life& origin, const copy& held) const {
  std::vector<elsewhere> all;
  for (const auto& holder : held.list.holders)
    if (holder != self_)
      all.push_back(
          {.origin = origin, .id = held.event.id, .holder = holder.name});
  return all;
}

} // namespace mfo::cluster
