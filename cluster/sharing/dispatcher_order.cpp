// The part of the dispatcher that keeps events of one ordering key in their
// order. An origin has one of each lane under way, `own_`; a runner lets one
// run at a time, of whatever origin, `turns_`.

#include "cluster/sharing/dispatcher.hpp"

#include "cluster/rules/ordering.hpp"
#include "core/ordering_key.hpp"

#include <utility>

namespace mfo::cluster {

namespace {

core::outcome never_heard_of() {
  return core::refused(core::errc::upstream_timeout,
                       "no outcome by the deadline");
}

} // namespace

placement dispatcher::choose_in_order(const core::event& event,
                                      const placement_request& request) {
  auto runner = runner_in_order(core::lane_of(event), request, self_, peers_);
  if (runner == self_.name)
    return {.where = placement::place::here, .reason = placement_reason::local};
  if (runner.empty())
    // By the rules for all events, which know why, it is nowhere, too.
    return or_stay(cluster::place(request, self_, peers_,
                                  settings_.local_threshold, random_),
                   request);
  if (!is_movable(event))
    return stay_or_fail(request);
  const auto why =
      request.moved_because.value_or(placement_reason::ordering_key);
  return {.where = placement::place::peer,
          .peer = std::move(runner),
          .reason = why};
}

placement dispatcher::place_in_line(waiter what, clock::time_point now) {
  using verdict = core::event_lanes<waiter>::verdict;
  const placement under_way{.where = placement::place::peer,
                            .reason = placement_reason::ordering_key};
  const auto event = what.event;
  switch (own_.add(what, event->endpoint->ordering_key.max_waiting)) {
  case verdict::queued:
    return under_way;
  case verdict::full:
    return {.where = placement::place::nowhere,
            .reason = placement_reason::ordering_key};
  case verdict::go:
    break;
  }
  if (try_to_place(what, now))
    return under_way;
  const auto where = choose(*event, what.request);
  if (may_wait(*event, where)) {
    wait(std::move(what), now);
    return under_way;
  }
  static_cast<void>(own_.ended(*event)); // it has just come: nobody waits
  return {.where = placement::place::nowhere,
          .reason = where.where == placement::place::nowhere
                        ? where.reason
                        : placement_reason::unavailable};
}

/// An event of this node has ended, or will not be run. One that is ordered may
/// have been given up before.
void dispatcher::end(const core::event_ptr& event, core::outcome how,
                     clock::time_point now) {
  const bool ordered = core::is_ordered(*event);
  if (ordered && !own_.is_under_way(*event))
    return;
  host_.answer(event, std::move(how));
  if (!ordered)
    return;
  for (auto next = own_.ended(*event); next; next = own_.ended(*next->event)) {
    if (next->event->deadline <= now) {
      host_.answer(next->event, core::missed_turn());
      continue;
    }
    if (!try_to_place(*next, now))
      wait(*std::move(next), now);
    return;
  }
}

/// False: too many wait here.
bool dispatcher::take_turn(turn what) {
  using verdict = core::event_lanes<turn>::verdict;
  const auto when = turns_.add(what);
  if (when == verdict::go)
    begin_turn(what);
  return when != verdict::full;
}

void dispatcher::begin_turn(const turn& what) {
  if (what.origin)
    host_.run(*what.origin, what.event);
  else
    host_.run_here(what.event);
}

void dispatcher::next_turn(const core::event& ended, clock::time_point now) {
  for (auto next = turns_.ended(ended); next;
       next = turns_.ended(*next->event)) {
    if (next->event->deadline > now)
      return begin_turn(*next);
    miss_turn(*next, now);
  }
}

void dispatcher::miss_turn(const turn& what, clock::time_point now) {
  if (what.origin)
    tell_end(*what.origin, what.event, core::missed_turn(), now);
  else
    end(what.event, core::missed_turn(), now);
}

/// The link to that origin is over: it places again what has not begun here, so
/// that this must not run it later, when newer ones have been run.
void dispatcher::drop_turns(const node_life& origin) {
  for (const auto& each : turns_.take_waiting(
           [&](const turn& one) { return one.origin == origin; })) {
    taken_.hand_back(origin, each.event->id);
    finish(origin.name, packed_size(*each.event));
  }
}

void dispatcher::sweep_order(clock::time_point now) {
  for (const auto& each : own_.take_overdue(now))
    host_.answer(each.event, core::missed_turn());
  for (const auto& each : turns_.take_overdue(now))
    miss_turn(each, now);
  for (const auto& event : turns_.lost(now)) {
    if (own_.is_under_way(*event))
      end(event, never_heard_of(), now);
    next_turn(*event, now);
  }
}

} // namespace mfo::cluster
