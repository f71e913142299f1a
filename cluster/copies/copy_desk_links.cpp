#include "cluster/copies/copy_desk.hpp"

#include "cluster/copies/ticket.hpp"

#include <algorithm>

namespace mfo::cluster {

void copy_desk::set_view(std::shared_ptr<const view> members,
                         clock::time_point now) {
  watch_.set_view(std::move(members));
  look(now);
}

void copy_desk::link_opened(const node_life& peer, std::uint64_t link,
                            clock::time_point now) {
  if (const auto known = lines_.find(peer.name); known != lines_.end())
    link_closed(peer.name, known->second.link, now);
  lines_.insert_or_assign(peer.name, line{.life = peer,
                                          .link = link,
                                          .serial = ++last_serial_,
                                          .sent = sent_copies{settings_.window},
                                          .has_releases = true,
                                          .audit_at = now});
  watch_.link_opened(peer, now);
  apply(origin_.link_opened(peer));
  look(now);
  note_news(lines_.find(peer.name)->second);
}

void copy_desk::link_closed(const std::string& peer, std::uint64_t link,
                            clock::time_point now) {
  const auto found = lines_.find(peer);
  if (found == lines_.end() || found->second.link != link)
    return;
  const auto closed = std::move(found->second);
  lines_.erase(found);
  watch_.link_closed(peer);
  look(now);
  for (const auto& copy : closed.sent.on_their_way())
    ask_others(copy.ticket, closed.life);
  for (const auto ticket : closed.waiting)
    ask_others(ticket, closed.life);
}

void copy_desk::gone(const node_life& peer, clock::time_point now) {
  watch_.gone(peer);
  look(now);
}

void copy_desk::look(clock::time_point now) {
  const auto changes = watch_.look(now);
  for (const auto& peer : changes.gone) {
    holder_lost(peer);
    notes_.erase(peer.name);
    due_soon_ = true;
  }
  for (const auto& peer : changes.leaving) {
    holder_lost(peer); // it keeps its copies until others have them
    if (const auto to = lines_.find(peer.name); to != lines_.end())
      to->second.audit_at =
          std::min(to->second.audit_at, now + settings_.audit_draining_every);
  }
  for (const auto& peer : changes.came)
    apply(origin_.holder_came(peer));
}

void copy_desk::holder_lost(const node_life& holder) {
  const auto to = lines_.find(holder.name);
  if (to != lines_.end() && to->second.life == holder) {
    // Should it hold an event again, it may have let go what it has.
    to->second.serial = ++last_serial_;
    to->second.waiting.clear();
  }
  apply(origin_.holder_lost(holder, watch_.eligible()));
}

void copy_desk::note_news(line& of) {
  of.has_news = true;
  if (of.flush_under_way)
    return;
  of.flush_under_way = true;
  host_.flush_soon(of.life.name);
}

std::size_t copy_desk::flush(const std::string& peer, clock::time_point now) {
  const auto found = lines_.find(peer);
  if (found == lines_.end())
    return 0;
  auto& to = found->second;
  to.flush_under_way = false;
  to.has_news = false;
  copies_sent message{.confirmed = to.received,
                      .refused = std::exchange(to.refused, {}),
                      .first = to.sent.last() + 1};
  bool more = add_releases(to, message);
  add_page(to, message, now);
  more |= add_notes(to, message);
  more |= add_copies(to, message);
  if (to.told == to.received && message.released.empty() && !message.audit &&
      message.ended.empty() && message.running.empty() &&
      message.copies.empty())
    return 0;
  to.told = to.received;
  host_.send(peer, pack(message, now));
  if (more)
    note_news(to);
  return message.copies.size() + message.released.size() +
         message.ended.size() + message.running.size();
}

/// An audit, as those who are about to leave as well, and so are no holders any
/// more, hear of the end of an event by that alone.
void copy_desk::flush_all(clock::time_point now) {
  for (auto& [name, each] : lines_) {
    each.audit_at = now;
    each.audit_after = 0;
    while (each.has_releases || each.audit_at <= now)
      flush(name, now);
  }
}

/// True, as below: there are more than fit.
bool copy_desk::add_releases(line& to, copies_sent& message) {
  if (!to.has_releases)
    return false;
  for (const auto& key : origin_.take_releases(to.life, most_releases_sent))
    message.released.push_back(ticket_of(key));
  to.has_releases = message.released.size() == most_releases_sent;
  return to.has_releases;
}

void copy_desk::add_page(line& to, copies_sent& message,
                         clock::time_point now) {
  if (to.audit_at > now)
    return;
  const auto page =
      origin_.audit(to.life, key_or_end(to.audit_after), most_audited);
  message.audit =
      ticket_page{.after = std::exchange(to.audit_after, ticket_of(page.up_to)),
                  .up_to = ticket_of(page.up_to)};
  for (const auto& key : page.open)
    message.audit->open.push_back(ticket_of(key));
  if (to.audit_after == 0)
    to.audit_at =
        now + (watch_.is_draining(to.life.name) ? settings_.audit_draining_every
                                                : settings_.audit_every);
}

bool copy_desk::add_notes(const line& to, copies_sent& message) {
  const auto found = notes_.find(to.life.name);
  if (found == notes_.end())
    return false;
  auto& waiting = found->second;
  for (auto left = most_notes_sent; left > 0 && !waiting.empty(); --left) {
    auto& next = waiting.front();
    (next.ended ? message.ended : message.running)
        .push_back(std::move(next.what));
    waiting.pop_front();
  }
  if (!waiting.empty())
    return true;
  notes_.erase(found);
  return false;
}

/// Each with the latest list; what the window has no room for waits for the
/// holder's answers.
bool copy_desk::add_copies(line& to, copies_sent& message) {
  std::size_t bytes = 0;
  while (!to.waiting.empty()) {
    const auto ticket = to.waiting.front();
    auto* const which = awaited(ticket, to);
    if (which == nullptr) {
      to.waiting.pop_front();
      continue;
    }
    auto& at = place_at(*which, to);
    const auto size =
        packed_size(which->list) + (at.with_event ? which->bytes : 0);
    if (!to.sent.has_room(size))
      return false;
    if (message.copies.size() == most_copies_sent ||
        (bytes > 0 && bytes + size > settings_.message_bytes))
      return true;
    to.waiting.pop_front();
    bytes += size;
    message.copies.push_back(
        {.ticket = ticket,
         .list = which->list,
         .event = at.with_event ? which->event : core::event_ptr{}});
    to.sent.add(
        {.ticket = ticket, .version = which->list.version, .bytes = size});
    at.has_event |= at.with_event;
    at.waits = at.with_event = false;
  }
  return false;
}

} // namespace mfo::cluster
