#include "cluster/rules/replica_origin.hpp"

#include "cluster/rules/rendezvous.hpp"

#include <algorithm>
#include <iterator>

namespace mfo::cluster {

namespace {

/// All that may hold the event, in the order of their weights.
std::vector<node_life> by_weight(const std::string& id,
                                 std::span<const node_life> nodes) {
  std::vector<std::string> names;
  names.reserve(nodes.size());
  for (const auto& node : nodes)
    names.push_back(node.name);
  std::vector<node_life> sorted;
  sorted.reserve(nodes.size());
  for (const auto& name : owners_of(id, names, names.size()))
    sorted.push_back(
        *std::find_if(nodes.begin(), nodes.end(), [&](const node_life& node) {
          return node.name == name;
        }));
  return sorted;
}

template <class Places>
holder_list list_of(const Places& places, std::uint32_t version) {
  holder_list list{.version = version};
  for (const auto& at : places)
    list.holders.push_back(at.holder);
  return list;
}

} // namespace

std::string_view to_string(copy_refusal why) noexcept {
  switch (why) {
  case copy_refusal::too_few_peers:
    return "too_few_peers";
  case copy_refusal::too_many_events:
    return "too_many_events";
  case copy_refusal::known_id:
    return "known_id";
  }
  return "unknown";
}

replica_origin::replica_origin(bounds limits) : limits_(limits) {}

tl::expected<replica_origin::copy_order, copy_refusal>
replica_origin::begin(const std::string& id, std::size_t copies,
                      std::span<const node_life> eligible,
                      clock::time_point deadline) {
  if (entries_.contains(id))
    return tl::unexpected(copy_refusal::known_id);
  if (entries_.size() >= limits_.max_open)
    return tl::unexpected(copy_refusal::too_many_events);
  if (eligible.size() < copies)
    return tl::unexpected(copy_refusal::too_few_peers);
  entry made{.copies = copies, .deadline = deadline};
  for (auto& holder : by_weight(id, eligible))
    if (made.places.size() < copies)
      made.places.push_back({.holder = std::move(holder)});
  auto order = order_of(id, made);
  entries_.emplace(id, std::move(made));
  return order;
}

replica_origin::progress replica_origin::confirmed(const std::string& id,
                                                   const node_life& holder,
                                                   std::uint32_t version) {
  const auto found = entries_.find(id);
  if (found == entries_.end())
    return progress::nothing;
  auto& known = found->second;
  const auto at =
      std::find_if(known.places.begin(), known.places.end(),
                   [&](const place& one) { return one.holder == holder; });
  if (at == known.places.end() || version > known.version)
    return progress::nothing;
  at->confirmed = std::max(at->confirmed, version);
  const bool complete = is_complete(known);
  if (complete)
    known.former.clear();
  if (known.held || version < known.version)
    return progress::nothing;
  if (!complete)
    return progress::waiting;
  known.held = true;
  return progress::held;
}

std::optional<replica_origin::copy_order>
replica_origin::refused(const std::string& id, const node_life& holder,
                        std::span<const node_life> eligible) {
  const auto found = entries_.find(id);
  if (found == entries_.end() || !remove(found->second, holder))
    return std::nullopt;
  found->second.refusers.push_back(holder);
  return replace(id, found->second, eligible);
}

std::vector<replica_origin::copy_order>
replica_origin::holder_lost(const node_life& holder,
                            std::span<const node_life> eligible) {
  releases_.erase(holder);
  std::vector<copy_order> orders;
  for (auto& [id, known] : entries_) {
    if (!remove(known, holder))
      continue;
    known.former.push_back(holder);
    if (auto order = replace(id, known, eligible))
      orders.push_back(std::move(*order));
  }
  return orders;
}

std::vector<replica_origin::copy_order>
replica_origin::link_opened(const node_life& holder) {
  std::vector<copy_order> orders;
  for (const auto& [id, known] : entries_) {
    for (const auto& at : known.places) {
      if (at.holder != holder || at.confirmed == known.version)
        continue;
      copy_order order{.id = id, .list = list_of(known.places, known.version)};
      (at.confirmed == 0 ? order.send_event : order.send_list)
          .push_back(holder.name);
      orders.push_back(std::move(order));
    }
  }
  return orders;
}

std::vector<replica_origin::copy_order>
replica_origin::holder_came(const node_life& holder) {
  std::vector<copy_order> orders;
  for (auto& [id, known] : entries_) {
    if (known.places.size() >= known.copies || !is_free(known, holder))
      continue;
    std::erase(known.former, holder);
    known.places.push_back({.holder = holder});
    ++known.version;
    orders.push_back(order_of(id, known));
  }
  return orders;
}

std::vector<std::string> replica_origin::sweep(clock::time_point now) {
  std::vector<std::string> too_few;
  for (auto next = entries_.begin(); next != entries_.end();) {
    const auto& known = next->second;
    if (known.held || (known.deadline > now && !is_hopeless(known))) {
      ++next;
      continue;
    }
    too_few.push_back(next->first);
    next = release(next);
  }
  return too_few;
}

bool replica_origin::done(const std::string& id) {
  const auto found = entries_.find(id);
  if (found == entries_.end())
    return false;
  release(found);
  return true;
}

std::vector<std::string> replica_origin::take_releases(const node_life& holder,
                                                       std::size_t most) {
  std::vector<std::string> ids;
  const auto found = releases_.find(holder);
  if (found == releases_.end())
    return ids;
  auto& waiting = found->second;
  while (!waiting.empty() && ids.size() < most) {
    ids.push_back(std::move(waiting.front()));
    waiting.pop_front();
  }
  if (waiting.empty())
    releases_.erase(found);
  return ids;
}

audit_page replica_origin::audit(const node_life& holder,
                                 const std::string& after,
                                 std::size_t most) const {
  audit_page page{.after = after};
  auto next = after.empty() ? entries_.begin() : entries_.upper_bound(after);
  for (; next != entries_.end(); ++next) {
    if (!counts(next->second, holder))
      continue;
    page.open.push_back(next->first);
    if (page.open.size() >= most) {
      page.up_to = next->first;
      break;
    }
  }
  return page;
}

bool replica_origin::is_held(const std::string& id) const {
  const auto found = entries_.find(id);
  return found != entries_.end() && found->second.held;
}

bool replica_origin::has_holder(const std::string& id) const {
  const auto found = entries_.find(id);
  return found != entries_.end() &&
         std::any_of(found->second.places.begin(), found->second.places.end(),
                     [](const place& at) { return at.confirmed > 0; });
}

std::size_t replica_origin::releases() const noexcept {
  std::size_t sum = 0;
  for (const auto& [holder, ids] : releases_)
    sum += ids.size();
  return sum;
}

bool replica_origin::is_complete(const entry& of) {
  return of.places.size() >= of.copies &&
         std::all_of(of.places.begin(), of.places.end(), [&](const place& at) {
           return at.confirmed == of.version;
         });
}

/// Nobody was left to replace one that refused or was lost.
bool replica_origin::is_hopeless(const entry& of) {
  return of.places.size() < of.copies;
}

bool replica_origin::is_free(const entry& of, const node_life& node) {
  return std::find(of.refusers.begin(), of.refusers.end(), node) ==
             of.refusers.end() &&
         std::none_of(of.places.begin(), of.places.end(), [&](const place& at) {
           return at.holder.name == node.name;
         });
}

/// Whether a copy there is not to be let go.
bool replica_origin::counts(const entry& of, const node_life& holder) {
  return std::any_of(of.places.begin(), of.places.end(),
                     [&](const place& at) { return at.holder == holder; }) ||
         std::find(of.former.begin(), of.former.end(), holder) !=
             of.former.end();
}

/// The latest list for all: with the event for those who cannot have it yet.
replica_origin::copy_order replica_origin::order_of(const std::string& id,
                                                    const entry& of) {
  copy_order order{.id = id, .list = list_of(of.places, of.version)};
  for (const auto& at : of.places)
    (at.confirmed == 0 ? order.send_event : order.send_list)
        .push_back(at.holder.name);
  return order;
}

bool replica_origin::remove(entry& of, const node_life& holder) {
  const auto gone =
      std::find_if(of.places.begin(), of.places.end(),
                   [&](const place& at) { return at.holder == holder; });
  if (gone == of.places.end())
    return false;
  of.places.erase(gone);
  ++of.version;
  return true;
}

/// Somebody in place of one that was removed. The others keep their order, and
/// the new one goes last.
std::optional<replica_origin::copy_order>
replica_origin::replace(const std::string& id, entry& of,
                        std::span<const node_life> eligible) {
  const auto sorted = by_weight(id, eligible);
  const auto next =
      std::find_if(sorted.begin(), sorted.end(),
                   [&](const node_life& node) { return is_free(of, node); });
  if (next != sorted.end()) {
    std::erase(of.former, *next);
    of.places.push_back({.holder = *next});
  }
  if (of.places.empty())
    return std::nullopt;
  return order_of(id, of);
}

replica_origin::entries::iterator
replica_origin::release(entries::iterator which) {
  for (const auto& at : which->second.places) {
    auto& waiting = releases_[at.holder];
    if (waiting.size() < limits_.max_releases)
      waiting.push_back(which->first);
  }
  return entries_.erase(which);
}

} // namespace mfo::cluster
