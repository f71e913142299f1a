#include "cluster/sharing/dispatcher.hpp"

#include "core/ordering_key.hpp"

#include <algorithm>
#include <utility>

namespace mfo::cluster {

namespace {

core::event_ptr event_of(const parcel& kept) {
  return std::static_pointer_cast<const core::event>(kept.content);
}

bool has_open_circuit(const load_report& report, const std::string& server) {
  const auto& open = report.open_circuits;
  return std::find(open.begin(), open.end(), server) != open.end();
}

/// Of those that wait, in one go.
constexpr std::size_t waiters_at_once = 256;

/// How long an answer may take that is on its way when the event's time is up.
constexpr std::chrono::milliseconds grace{1'000};

} // namespace

dispatcher::dispatcher(const sharing_settings& settings, work_host& host,
                       random_below random)
  : settings_(settings), host_(host), random_(std::move(random)),
    sent_(settings.sent), taken_(settings.taken), own_(settings.max_in_line),
    turns_(settings.max_in_line) {}

void dispatcher::set_view(std::shared_ptr<const view> members) {
  self_ = candidate_of(members->oneself());
  self_.draining = self_.draining || draining_;
  peers_.clear();
  reports_.clear();
  for (const auto& member : members->members())
    if (member.card->name != self_.name &&
        (member.state == member_state::alive ||
         member.state == member_state::suspect)) {
      peers_.push_back(candidate_of(member));
      reports_.push_back(member.load);
    }
  loads_.set_view(*members);
  members_ = std::move(members);
}

/// Whether the event is run here without a look at the peers: the first rule of
/// `cluster::place`, for most events in most clusters.
bool dispatcher::stays(const placement_request& request) const {
  const bool light =
      lines_.empty() || (self_.load.queued < settings_.local_threshold &&
                         request.prefer.empty() && !self_.circuit_open);
  return light && !request.moved_because && may_run(request, self_, self_);
}

bool dispatcher::has_credit(const std::string& peer, std::size_t bytes) const {
  const auto to = lines_.find(peer);
  return to != lines_.end() && to->second.may_send.may_send(bytes);
}

/// Where no peer can take it: here if it can be, also on a node that drains.
placement dispatcher::stay_or_fail(const placement_request& request) const {
  auto self = self_;
  self.draining = false;
  const bool able = may_run(request, self, self);
  return {.where = able ? placement::place::here : placement::place::nowhere,
          .reason = able ? placement_reason::nobody_better
                         : placement_reason::unavailable};
}

placement dispatcher::or_stay(placement where,
                              const placement_request& request) const {
  if (where.where == placement::place::nowhere && self_.draining)
    if (auto here = stay_or_fail(request); here.where == placement::place::here)
      return here;
  return where;
}

placement dispatcher::choose(const core::event& event,
                             const placement_request& request) {
  if (core::is_ordered(event))
    return choose_in_order(event, request);
  const auto& target = event.endpoint->server;
  self_.circuit_open = has_open_circuit(*members_->oneself().load, target);
  if (stays(request))
    return {.where = placement::place::here, .reason = placement_reason::local};
  const auto bytes = packed_size(event);
  const bool movable = is_movable(event);
  for (std::size_t i = 0; i < peers_.size(); ++i) {
    auto& peer = peers_[i];
    peer.load = loads_.of(peer.name, *reports_[i]);
    peer.circuit_open = has_open_circuit(*reports_[i], target);
    peer.has_credit = movable && has_credit(peer.name, bytes);
  }
  return or_stay(cluster::place(request, self_, peers_,
                                settings_.local_threshold, random_),
                 request);
}

/// Who could run it may come back; of one that is acknowledged the sender
/// cannot be told that nobody can.
bool dispatcher::may_wait(const core::event& event,
                          const placement& where) const {
  return waiting_.size() < settings_.max_waiting &&
         (where.where != placement::place::nowhere ||
          where.reason == placement_reason::unavailable ||
          event.endpoint->ack != config::ack_mode::completed);
}

placement dispatcher::place(const core::event_ptr& event,
                            const placement_request& request,
                            clock::time_point now) {
  if (core::is_ordered(*event))
    return place_in_line({.event = event, .request = request}, now);
  auto where = choose(*event, request);
  if (where.where == placement::place::nowhere && may_wait(*event, where)) {
    wait({.event = event, .request = request}, now);
    return {.where = placement::place::peer,
            .reason = placement_reason::unavailable};
  }
  if (where.where != placement::place::peer)
    return where;
  // As many are at peers as may be, or one with this id is.
  if (!hand(lines_.find(where.peer)->second, event, 0, now))
    return stay_or_fail(request);
  requests_.insert_or_assign(event->id, request);
  host_.moved(*event, where.peer, where.reason);
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
  loads_.sent(to.life.name);
  using verdict = batcher<sent_event>::verdict;
  // Never refused: a batch that is full goes at once.
  if (to.batch.add({.number = *number, .event = event}, bytes) == verdict::full)
    flush(to.life.name, now);
  else
    note_news(to);
  return true;
}

bool dispatcher::is_movable(const core::event& event) {
  return packed_size(event) <= largest_moved && is_readable(event);
}

void dispatcher::place_again(outbox::returned back, clock::time_point now) {
  loads_.left(back.peer);
  const auto event = event_of(back.event);
  auto asked = requests_.extract(event->id);
  auto request = asked ? std::move(asked.mapped()) : placement_request{};
  if (now >= event->deadline)
    return end(event,
               core::refused(core::errc::upstream_timeout,
                             "its time was up at " + back.peer),
               now);
  if (back.too_often)
    return end(
        event,
        core::refused(core::errc::no_eligible_node,
                      "it came back too often, at last from " + back.peer),
        now);
  request.avoid = back.peer;
  if (back.cause != return_cause::handed_back)
    request.moved_because = placement_reason::peer_lost;
  waiter again{
      .event = event, .request = std::move(request), .moves = back.moves};
  if (!try_to_place(again, now))
    wait(std::move(again), now);
}

/// False: no node can take it at the moment.
bool dispatcher::try_to_place(const waiter& what, clock::time_point now) {
  auto where = choose(*what.event, what.request);
  const bool ordered = core::is_ordered(*what.event);
  if (where.where == placement::place::peer) {
    if (ordered && !has_credit(where.peer, packed_size(*what.event)))
      return false;
    if (hand(lines_.find(where.peer)->second, what.event, what.moves, now)) {
      host_.moved(*what.event, where.peer, where.reason);
      requests_.insert_or_assign(what.event->id, what.request);
      return true;
    }
    if (ordered)
      return false;
    where = stay_or_fail(what.request);
  }
  if (where.where == placement::place::nowhere)
    return false;
  if (ordered)
    return take_turn({.event = what.event});
  host_.run_here(what.event);
  return true;
}

void dispatcher::wait(waiter what, clock::time_point now) {
  const auto& event = *what.event;
  what.until = event.endpoint->ack == config::ack_mode::completed
                   ? std::min(event.deadline, now + settings_.wait_for_node)
                   : event.deadline;
  // Whoever had it last may be the only one.
  what.request.avoid.clear();
  waiting_.push_back(std::move(what));
}

void dispatcher::place_waiting(clock::time_point now) {
  // What cannot be placed stays, in its order.
  for (auto left = std::min(waiting_.size(), waiters_at_once); left > 0;
       --left) {
    auto first = std::move(waiting_.front());
    waiting_.pop_front();
    if (now >= first.until)
      end(first.event,
          core::refused(core::errc::no_eligible_node,
                        "no node could take it in time"),
          now);
    else if (!try_to_place(first, now))
      waiting_.push_back(std::move(first));
  }
}

void dispatcher::sweep(clock::time_point now) {
  for (auto& back : sent_.sweep(now))
    place_again(std::move(back), now);
  place_waiting(now);
  sweep_order(now);
  for (auto& [name, each] : lines_)
    if (each.has_news)
      flush(name, now);
}

} // namespace mfo::cluster
