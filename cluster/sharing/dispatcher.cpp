#include "cluster/sharing/dispatcher.hpp"

#include <algorithm>
#include <utility>

namespace mfo::cluster {

namespace {

core::event_ptr event_of(const parcel& kept) {
  return std::static_pointer_cast<const core::event>(kept.content);
}

/// How long an answer may take that is on its way when the event's time is up.
constexpr std::chrono::milliseconds grace{1'000};

} // namespace

dispatcher::dispatcher(const sharing_settings& settings, work_host& host,
                       random_below random)
  : settings_(settings), host_(host), random_(std::move(random)),
    sent_(settings.sent), taken_(settings.taken) {}

candidate dispatcher::candidate_of(const member_view& member) const {
  candidate one;
  one.name = member.card->name;
  one.roles = member.card->roles;
  one.labels = member.card->labels;
  one.load = {.queued = member.load->queue_depth,
              .in_flight = member.load->in_flight,
              .max_in_flight = member.load->max_in_flight};
  one.draining = member.load->draining;
  one.suspect = !member.is_reachable();
  return one;
}

void dispatcher::set_view(std::shared_ptr<const view> members) {
  self_ = candidate_of(members->oneself());
  peers_.clear();
  for (const auto& member : members->members())
    if (member.card->name != self_.name &&
        (member.state == member_state::alive ||
         member.state == member_state::suspect))
      peers_.push_back(candidate_of(member));
}

void dispatcher::set_load(const load_report& load) {
  self_.load = {.queued = load.queue_depth,
                .in_flight = load.in_flight,
                .max_in_flight = load.max_in_flight};
  self_.draining = load.draining;
}

placement dispatcher::choose(const core::event& event,
                             const placement_request& request) {
  const auto bytes = packed_size(event);
  for (auto& peer : peers_) {
    const auto to = lines_.find(peer.name);
    peer.has_credit = to != lines_.end() && bytes <= largest_moved &&
                      to->second.may_send.may_send(bytes);
  }
  return cluster::place(request, self_, peers_, settings_.local_threshold,
                        random_);
}

placement dispatcher::place(const core::event_ptr& event,
                            const placement_request& request,
                            clock::time_point now) {
  auto where = choose(*event, request);
  if (where.where != placement::place::peer)
    return where;
  if (!hand(lines_.find(where.peer)->second, event, 0, now)) {
    // As many are at peers as may be, or one with this id is.
    const bool able = may_run(request, self_, self_);
    return {.where = able ? placement::place::here : placement::place::nowhere,
            .reason = able ? placement_reason::nobody_better
                           : placement_reason::unavailable};
  }
  requests_.insert_or_assign(event->id, request);
  host_.moved(where.peer, where.reason);
  return where;
}

bool dispatcher::hand(line& to, const core::event_ptr& event, unsigned moves,
                      clock::time_point now) {
  const auto bytes = packed_size(*event);
  const auto number =
      sent_.hand({.id = event->id, .content = event, .bytes = bytes},
                 to.life.name, to.link, moves,
                 {.received = now + settings_.received_within,
                  .concluded = event->deadline + grace});
  if (!number)
    return false;
  static_cast<void>(to.may_send.send(bytes)); // it was asked before
  using verdict = batcher<sent_event>::verdict;
  // Never refused: a batch that is full goes at once.
  if (to.batch.add({.number = *number, .event = event}, bytes) == verdict::full)
    flush(to.life.name, now);
  else
    note_news(to);
  return true;
}

void dispatcher::place_again(outbox::returned back, clock::time_point now) {
  const auto event = event_of(back.event);
  auto asked = requests_.extract(event->id);
  auto request = asked ? std::move(asked.mapped()) : placement_request{};
  if (now >= event->deadline)
    return host_.answer(event,
                        core::refused(core::errc::upstream_timeout,
                                      "its time was up at " + back.peer));
  if (back.too_often)
    return host_.answer(
        event,
        core::refused(core::errc::no_eligible_node,
                      "it came back too often, at last from " + back.peer));
  request.avoid = back.peer;
  if (back.cause != return_cause::handed_back)
    request.moved_because = placement_reason::peer_lost;
  const auto where = choose(*event, request);
  if (where.where == placement::place::here)
    return host_.run_here(event);
  if (where.where == placement::place::peer &&
      hand(lines_.find(where.peer)->second, event, back.moves, now)) {
    host_.moved(where.peer, where.reason);
    requests_.insert_or_assign(event->id, std::move(request));
    return;
  }
  host_.answer(event, core::refused(core::errc::no_eligible_node,
                                    "no node can take it from " + back.peer));
}

void dispatcher::sweep(clock::time_point now) {
  for (auto& back : sent_.sweep(now))
    place_again(std::move(back), now);
  for (auto& [name, each] : lines_)
    if (each.has_news)
      flush(name, now);
}

} // namespace mfo::cluster
