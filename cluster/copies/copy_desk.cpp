#include "cluster/copies/copy_desk.hpp"

#include "cluster/copies/ticket.hpp"
#include "cluster/messages/work_packing.hpp"

#include <algorithm>

namespace mfo::cluster {

namespace {

begin_refusal refusal_of(copy_refusal why) noexcept {
  switch (why) {
  case copy_refusal::too_few_peers:
    return begin_refusal::too_few_peers;
  case copy_refusal::too_many_events:
    return begin_refusal::too_many_events;
  case copy_refusal::known_id:
    break;
  }
  return begin_refusal::known_id;
}

} // namespace

std::string_view to_string(begin_refusal why) noexcept {
  switch (why) {
  case begin_refusal::too_few_peers:
    return "too_few_peers";
  case begin_refusal::too_many_events:
    return "too_many_events";
  case begin_refusal::too_many_bytes:
    return "too_many_bytes";
  case begin_refusal::known_id:
    return "known_id";
  case begin_refusal::too_large:
    return "too_large";
  }
  return "unknown";
}

std::string_view to_string(give_up_cause why) noexcept {
  switch (why) {
  case give_up_cause::unconfirmed:
    return "unconfirmed";
  case give_up_cause::too_few_peers:
    return "too_few_peers";
  }
  return "unknown";
}

copy_desk::copy_desk(node_life self, const copy_settings& settings,
                     copy_host& host)
  : self_(std::move(self)), settings_(settings), host_(host),
    watch_(self_.name, settings.trust_link_for), origin_(settings.open),
    store_(self_, settings.kept) {}

tl::expected<void, begin_refusal> copy_desk::begin(const core::event_ptr& event,
                                                   std::size_t copies,
                                                   clock::time_point by,
                                                   clock::time_point now) {
  const auto bytes = packed_size(*event);
  if (tickets_.contains(event->id))
    return tl::unexpected(begin_refusal::known_id);
  if (bytes > largest_copied || !is_readable(*event))
    return tl::unexpected(begin_refusal::too_large);
  if (open_bytes_ + bytes > settings_.max_open_bytes)
    return tl::unexpected(begin_refusal::too_many_bytes);
  if (copies > most_holders)
    return tl::unexpected(begin_refusal::too_few_peers);
  by = std::min(by, now + settings_.held_within);
  const auto ticket = last_ticket_ + 1;
  const auto order =
      origin_.begin(key_of(ticket), copies, watch_.eligible(), by);
  if (!order)
    return tl::unexpected(refusal_of(order.error()));
  last_ticket_ = ticket;
  tickets_.emplace(event->id, ticket);
  open_.emplace(ticket, open_event{.event = event, .bytes = bytes, .by = by});
  open_bytes_ += bytes;
  ++counts_.begun;
  apply(*order);
  return {};
}

void copy_desk::done(const std::string& id) {
  const auto known = tickets_.find(id);
  if (known == tickets_.end())
    return;
  origin_.done(key_of(known->second));
  forget(open_.find(known->second));
}

void copy_desk::apply(const replica_origin::copy_order& order) {
  const auto ticket = ticket_of(order.id);
  const auto found = open_.find(ticket);
  if (found == open_.end())
    return;
  found->second.list = order.list;
  for (const auto& name : order.send_event)
    enqueue(ticket, found->second, name, true);
  for (const auto& name : order.send_list)
    enqueue(ticket, found->second, name, false);
}

void copy_desk::apply(const std::vector<replica_origin::copy_order>& orders) {
  for (const auto& order : orders)
    apply(order);
}

/// Where there is no link the next one brings it.
void copy_desk::enqueue(std::uint64_t ticket, open_event& which,
                        const std::string& peer, bool with_event) {
  const auto to = lines_.find(peer);
  if (to == lines_.end() || !names(which.list, to->second.life))
    return;
  auto& at = place_at(which, to->second);
  // What was sent before goes over the same link: it is there, or refused.
  at.with_event |= with_event && !at.has_event;
  if (at.waits)
    return;
  at.waits = true;
  auto& waiting = to->second.waiting;
  waiting.push_back(ticket);
  if (waiting.size() > 2 * settings_.open.max_open)
    std::erase_if(waiting, [&](std::uint64_t each) {
      return awaited(each, to->second) == nullptr;
    });
  note_news(to->second);
}

/// Null: nothing of it is to be sent there any more.
copy_desk::open_event* copy_desk::awaited(std::uint64_t ticket,
                                          const line& at) {
  const auto found = open_.find(ticket);
  if (found == open_.end())
    return nullptr;
  auto& there = place_at(found->second, at);
  there.waits = there.waits && names(found->second.list, at.life);
  return there.waits ? &found->second : nullptr;
}

copy_desk::place& copy_desk::place_at(open_event& which, const line& to) {
  auto& places = which.places;
  auto found = std::find_if(places.begin(), places.end(), [&](const place& at) {
    return at.peer == to.life.name;
  });
  if (found == places.end())
    found = places.insert(found, place{.peer = to.life.name});
  if (found->line != to.serial)
    *found = place{.peer = to.life.name, .line = to.serial};
  return *found;
}

bool copy_desk::names(const holder_list& list, const node_life& node) {
  return std::find(list.holders.begin(), list.holders.end(), node) !=
         list.holders.end();
}

/// The rules have its releases ready; they go with what goes next, or with the
/// next sweep.
void copy_desk::forget(
    std::unordered_map<std::uint64_t, open_event>::iterator which) {
  auto& ended = which->second;
  for (const auto& holder : ended.list.holders)
    if (const auto to = lines_.find(holder.name); to != lines_.end())
      to->second.has_releases = true;
  open_bytes_ -= ended.bytes;
  tickets_.erase(ended.event->id);
  open_.erase(which);
}

/// The link to a holder is lost before all have confirmed: rather than that the
/// sender waits for it to come back, somebody else is asked, if there is one.
void copy_desk::ask_others(std::uint64_t ticket, const node_life& instead_of) {
  const auto found = open_.find(ticket);
  if (found == open_.end() || found->second.held)
    return;
  const auto& list = found->second.list;
  const auto& others = watch_.eligible();
  if (std::all_of(others.begin(), others.end(),
                  [&](const node_life& peer) { return names(list, peer); }))
    return;
  if (const auto order = origin_.refused(key_of(ticket), instead_of, others))
    apply(*order);
}

void copy_desk::give_up(clock::time_point now) {
  for (const auto& key : origin_.sweep(now)) {
    const auto found = open_.find(ticket_of(key));
    if (found == open_.end())
      continue;
    const auto event = found->second.event;
    const auto why = found->second.by <= now ? give_up_cause::unconfirmed
                                             : give_up_cause::too_few_peers;
    forget(found);
    ++counts_.given_up;
    host_.not_held(event, why);
  }
}

void copy_desk::sweep(clock::time_point now) {
  look(now);
  give_up(now);
  take_over(now);
  tell_running(now);
  for (auto& [name, each] : lines_) {
    if (each.has_news || each.has_releases || each.audit_at <= now ||
        notes_.contains(name))
      flush(name, now);
  }
}

std::optional<copy_name> copy_desk::name_of(const std::string& id) const {
  const auto known = tickets_.find(id);
  if (known == tickets_.end())
    return std::nullopt;
  return copy_name{.origin = self_, .ticket = known->second};
}

bool copy_desk::is_awaited(const std::string& id) const {
  const auto known = tickets_.find(id);
  return known != tickets_.end() && !open_.at(known->second).held;
}

bool copy_desk::has_holder(const std::string& id) const {
  const auto known = tickets_.find(id);
  return known != tickets_.end() && origin_.has_holder(key_of(known->second));
}

std::vector<node_life> copy_desk::holders_of(const std::string& id) const {
  const auto known = tickets_.find(id);
  if (known == tickets_.end())
    return {};
  return open_.at(known->second).list.holders;
}

bool copy_desk::holds(const copy_name& which) const {
  return store_.holds(which.origin, key_of(which.ticket));
}

} // namespace mfo::cluster
