#include "cluster/sharing/dispatcher.hpp"

#include "core/ordering_key.hpp"

#include <algorithm>
#include <utility>

namespace mfo::cluster {

namespace {

/// How events ended that are told in one message; the rest goes with the next.
constexpr std::size_t ends_at_once = 256;
/// Of how an event ended, bytes: an origin has use for it in its log alone.
constexpr std::size_t longest_detail = 1024;

} // namespace

void dispatcher::link_opened(const node_life& peer, std::uint64_t link,
                             clock::time_point now) {
  if (const auto known = lines_.find(peer.name); known != lines_.end()) {
    const auto life = known->second.life;
    link_closed(peer.name, known->second.link, now);
    if (life != peer)
      gone(life);
  }
  auto& opened =
      lines_
          .insert_or_assign(peer.name,
                            line{.life = peer,
                                 .link = link,
                                 .batch = batcher<sent_event>{settings_.batch}})
          .first->second;
  opened.may_send.open(link, work_window);
  taken_.link_opened(peer);
  opened.grant = granted_.open(peer.name, link);
  note_news(opened);
}

void dispatcher::link_closed(const std::string& peer, std::uint64_t link,
                             clock::time_point now) {
  const auto found = lines_.find(peer);
  if (found == lines_.end() || found->second.link != link)
    return;
  const auto life = found->second.life;
  lines_.erase(found);
  granted_.close(peer);
  drop_turns(life);
  for (auto& back : sent_.lost(peer, link))
    place_again(std::move(back), now);
}

void dispatcher::gone(const node_life& peer) {
  taken_.origin_gone(peer);
}

std::map<std::string, credit> dispatcher::credits() const {
  std::map<std::string, credit> left;
  for (const auto& [peer, each] : lines_)
    left.emplace(peer, each.may_send.left());
  return left;
}

void dispatcher::note_news(line& of) {
  of.has_news = true;
  if (of.flush_under_way)
    return;
  of.flush_under_way = true;
  host_.flush_soon(of.life.name);
}

std::size_t dispatcher::flush(const std::string& peer, clock::time_point now) {
  const auto found = lines_.find(peer);
  if (found == lines_.end())
    return 0;
  auto& to = found->second;
  to.flush_under_way = false;
  auto grant = granted_.of(peer).flush();
  if (!grant)
    grant = to.grant;
  to.grant.reset();
  work_sent message{.received = to.received,
                    .heard = to.heard,
                    .grant = grant,
                    .handed_back = std::exchange(to.handed_back, {}),
                    .events = to.batch.flush()};
  for (auto& each : taken_.take_unsent(to.life, ends_at_once))
    message.ends.push_back({.number = each.number,
                            .id = std::move(each.id),
                            .how = std::move(each.outcome)});
  const bool more = message.ends.size() == ends_at_once;
  if (!to.has_news && !message.grant && message.ends.empty() &&
      message.events.empty())
    return 0;
  to.has_news = false;
  host_.send(peer, pack(message, now));
  if (more)
    note_news(to);
  return message.events.size() + message.ends.size();
}

void dispatcher::come(const std::string& peer, std::string_view bytes,
                      clock::time_point now) {
  const auto found = lines_.find(peer);
  if (found == lines_.end())
    return; // its link has just been closed: what it says comes again
  auto message = unpack_work(bytes);
  if (!message)
    return host_.faulty(peer, "a work message " + message.error());
  auto& from = found->second;
  sent_.received(peer, from.link, message->received);
  taken_.acknowledged(from.life, message->heard);
  if (message->grant && !from.may_send.take(*message->grant))
    return host_.faulty(peer, "it grants more than its window");
  take_ends(from, std::move(message->ends), message->handed_back, now);
  // Not before: what has ended there must not go there again.
  if (message->grant && !waiting_.empty())
    place_waiting(now);
  take_events(from, message->events, now);
  for (const auto& id : message->handed_back)
    if (auto back = sent_.hand_back(peer, id))
      place_again(*std::move(back), now);
}

void dispatcher::take_ends(line& from, std::vector<told_end> ends,
                           std::vector<std::string>& handed_back,
                           clock::time_point now) {
  if (ends.empty())
    return;
  for (auto& told : ends) {
    from.heard = std::max(from.heard, told.number);
    // It stopped before the event was done with: another node can go on.
    if (told.how.error == core::errc::draining) {
      handed_back.push_back(std::move(told.id));
      continue;
    }
    if (auto kept = sent_.conclude(told.id)) {
      requests_.erase(told.id);
      loads_.left(from.life.name);
      end(std::static_pointer_cast<const core::event>(kept->content),
          std::move(told.how), now);
    } else if (const auto event = stop_waiting(told.id)) {
      end(event, std::move(told.how), now);
    }
  }
  note_news(from);
}

/// An event that had come back, and waits for a node, if it does.
core::event_ptr dispatcher::stop_waiting(const std::string& id) {
  const auto found =
      std::find_if(waiting_.begin(), waiting_.end(),
                   [&](const waiter& each) { return each.event->id == id; });
  if (found == waiting_.end())
    return nullptr;
  auto event = std::move(found->event);
  waiting_.erase(found);
  return event;
}

void dispatcher::take_events(line& from,
                             const std::vector<work_come::event>& events,
                             clock::time_point now) {
  if (events.empty())
    return;
  const auto name = from.life.name;
  auto& window = granted_.of(name);
  for (const auto& each : events) {
    const auto bytes = packed_size(each.what);
    const std::string id{each.what.id};
    if (each.number != from.received + 1)
      return host_.faulty(name, "it counts its events in another way");
    from.received = each.number;
    if (!window.accept(from.link, bytes))
      return host_.faulty(name, "it sends more than it was granted");
    const auto event = host_.revive(each.what);
    using verdict = inbox<core::outcome>::verdict;
    const bool wanted = event && !self_.draining;
    auto what = wanted ? taken_.take(from.life, id, now) : verdict::full;
    if (what == verdict::run) {
      if (run(from.life, event))
        continue;
      taken_.hand_back(from.life, id);
      what = verdict::full;
    }
    finish(name, bytes);
    if (what == verdict::full)
      from.handed_back.push_back(id);
  }
  note_news(from);
}

/// False: too many wait for others of their key.
bool dispatcher::run(const node_life& origin, const core::event_ptr& event) {
  if (core::is_ordered(*event))
    return take_turn({.event = event, .origin = origin});
  host_.run(origin, event);
  return true;
}

void dispatcher::ran(const node_life& origin, const core::event_ptr& event,
                     const core::outcome& how, clock::time_point now) {
  tell_end(origin, event, how, now);
  if (core::is_ordered(*event))
    next_turn(*event, now);
}

void dispatcher::ran_here(const core::event_ptr& event, core::outcome how,
                          clock::time_point now) {
  end(event, std::move(how), now);
  if (core::is_ordered(*event))
    next_turn(*event, now);
}

void dispatcher::tell_end(const node_life& origin, const core::event_ptr& event,
                          const core::outcome& how, clock::time_point now) {
  // Messages have a bound, and so have the texts in them.
  auto told = how;
  told.detail.resize(std::min(told.detail.size(), longest_detail));
  taken_.conclude(origin, event->id, told, now);
  finish(origin.name, packed_size(*event));
  const auto to = lines_.find(origin.name);
  if (to != lines_.end() && to->second.life == origin)
    note_news(to->second);
}

void dispatcher::finish(const std::string& peer, std::size_t bytes) {
  const auto grant = granted_.finish(peer, bytes);
  if (!grant)
    return;
  auto& to = lines_.find(peer)->second;
  to.grant = grant;
  note_news(to);
}

} // namespace mfo::cluster
