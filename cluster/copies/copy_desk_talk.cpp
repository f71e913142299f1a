#include "cluster/copies/copy_desk.hpp"

#include "cluster/copies/ticket.hpp"

namespace mfo::cluster {

void copy_desk::come(const std::string& peer, std::string_view bytes,
                     clock::time_point now) {
  const auto found = lines_.find(peer);
  if (found == lines_.end())
    return; // its link has just been closed: what it says comes again
  auto& from = found->second;
  const auto message = unpack_copies(bytes);
  if (!message)
    return host_.faulty(peer, "a copies message " + message.error());
  if (const auto fault = fault_in(from, *message))
    return host_.faulty(peer, *fault);
  take_answers(from, *message);
  take_releases(from.life, *message);
  take_copies(from, message->copies, now);
  for (const auto& each : message->running)
    store_.is_running(each.origin, key_of(each.ticket), now);
  for (const auto& each : message->ended)
    if (store_.release(each.origin, key_of(each.ticket)))
      ++counts_.released;
}

std::optional<std::string_view>
copy_desk::fault_in(const line& from, const copies_come& message) const {
  auto last = from.sent.confirmed();
  if (message.confirmed < last || message.confirmed > from.sent.last())
    return "it confirms copies that were not sent to it";
  for (const auto& each : message.refused) {
    if (each.number <= last || each.number > message.confirmed)
      return "it refuses copies in another order than they came in";
    last = each.number;
  }
  if (message.first != from.received + 1)
    return "it counts its copies in another way";
  if (from.received - from.told + message.copies.size() >
      settings_.window.events)
    return "it sends more copies than its window";
  return std::nullopt;
}

void copy_desk::take_answers(line& from, const copies_come& message) {
  if (from.sent.confirmed() == message.confirmed)
    return;
  auto refusal = message.refused.begin();
  while (from.sent.confirmed() < message.confirmed) {
    const auto copy = from.sent.take();
    const auto key = key_of(copy.ticket);
    if (refusal != message.refused.end() &&
        refusal->number == from.sent.confirmed()) {
      ++refusal;
      ++counts_.refused_by_peers;
      if (const auto order = origin_.refused(key, from.life, watch_.eligible()))
        apply(*order);
      continue;
    }
    if (origin_.confirmed(key, from.life, copy.version) !=
        replica_origin::progress::held)
      continue;
    auto& which = open_.at(copy.ticket);
    which.held = true;
    ++counts_.held;
    host_.held(which.event);
  }
  if (!from.waiting.empty())
    note_news(from);
}

void copy_desk::take_releases(const node_life& from,
                              const copies_come& message) {
  for (const auto ticket : message.released)
    if (store_.release(from, key_of(ticket)))
      ++counts_.released;
  if (!message.audit)
    return;
  audit_page page{.after = key_or_end(message.audit->after),
                  .up_to = key_or_end(message.audit->up_to)};
  for (const auto ticket : message.audit->open)
    page.open.push_back(key_of(ticket));
  counts_.audited += store_.audit(from, page).size();
}

void copy_desk::take_copies(line& from, const std::vector<copy_come>& copies,
                            clock::time_point now) {
  if (copies.empty())
    return;
  for (const auto& each : copies) {
    ++from.received;
    const auto why = keep(from.life, each, now);
    if (!why)
      continue;
    ++counts_.refused.at(static_cast<std::size_t>(*why));
    from.refused.push_back({.number = from.received, .why = *why});
  }
  note_news(from);
}

/// Nothing: it is kept, or runs here already.
std::optional<keep_refusal> copy_desk::keep(const node_life& origin,
                                            const copy_come& copy,
                                            clock::time_point now) {
  const auto key = key_of(copy.ticket);
  const bool known = store_.holds(origin, key);
  if (copy.event.empty() || known)
    return store_.relist(origin, key, copy.list)
               ? std::nullopt
               : std::optional{keep_refusal::not_held};
  if (watch_.is_draining())
    return keep_refusal::draining;
  if (!watch_.is_alive(origin))
    return keep_refusal::origin_gone;
  if (!host_.has_endpoint(copy.endpoint))
    return keep_refusal::unknown_endpoint;
  const auto kept = std::make_shared<const kept_event>(
      kept_event{.bytes = std::string(copy.event), .since = now});
  switch (store_.keep(origin,
                      {.id = key, .content = kept, .bytes = copy.event.size()},
                      copy.list)) {
  case keep_answer::too_many_events:
    return keep_refusal::too_many_events;
  case keep_answer::too_many_bytes:
    return keep_refusal::too_many_bytes;
  case keep_answer::kept:
  case keep_answer::taken_over:
    break;
  }
  ++counts_.kept;
  return std::nullopt;
}

} // namespace mfo::cluster
