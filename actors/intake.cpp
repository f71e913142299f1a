#include "actors/intake.hpp"

#include "actors/stage.hpp"

#include <algorithm>
#include <utility>

namespace mfo::actors {

namespace {

using intake_pointer = intake_actor::stateful_pointer<intake_state>;

/// Looks for passed deadlines before long, as long as there are any: a node
/// with nothing to do is not woken up for this.
void sweep_later(intake_pointer self) {
  if (!self->state.in_flight.empty() &&
      !std::exchange(self->state.will_sweep, true))
    self->delayed_send(self, intake_tick, tick_atom::value);
}

void admit(intake_pointer self, const http::exchange_ptr& exchange) {
  const auto& event = exchange->event();
  self->state.in_flight.push_back(exchange);
  sweep_later(self);
  event->where.move_to(core::stage::validator, self->clock().now());
  // No time-out of its own: its timer would stay queued until it fires, for
  // every event (docs/adr/0002-one-deadline.md).
  self->request(self->state.next, caf::infinite, event)
      .then(
          [exchange](const core::outcome& result) { exchange->finish(result); },
          [exchange](const caf::error& why) {
            exchange->finish(stage_lost(why));
          });
}

/// The exchange of the event; null once it has ended. What is asked for came
/// in not long ago, so it is near the end.
http::exchange_ptr find(const intake_state& state, const core::event& event) {
  const auto& all = state.in_flight;
  for (auto each = all.rbegin(); each != all.rend(); ++each)
    if (auto exchange = each->lock();
        exchange && exchange->event().get() == &event)
      return exchange;
  return nullptr;
}

/// What is in an event goes the way of all events, from here on.
void divide(intake_pointer self, const core::event& event,
            const std::vector<core::event_ptr>& found) {
  if (const auto exchange = find(self->state, event))
    for (const auto& part : exchange->divide(found))
      admit(self, part);
}

void sweep(intake_state& state, std::chrono::steady_clock::time_point now) {
  const auto over = now - intake_grace;
  std::erase_if(state.in_flight, [&](const auto& each) {
    const auto exchange = each.lock();
    if (!exchange)
      return true;
    if (exchange->event()->deadline > over)
      return false;
    exchange->finish(core::refused(core::errc::upstream_timeout,
                                   "no outcome by the deadline"));
    return true;
  });
}

} // namespace

intake_actor::behavior_type intake(intake_pointer self, validator_actor next,
                                   std::shared_ptr<telemetry::log> log) {
  end_on_exception(self, log);
  self->state.next = std::move(next);
  self->state.log = std::move(log);
  return {
      [self](const http::exchange_ptr& exchange) { admit(self, exchange); },
      [self](wire_atom, validator_actor other) { self->state.next = other; },
      [self](divide_atom, const core::event_ptr& event,
             const event_list_ptr& found) { divide(self, *event, *found); },
      [self](accept_atom, const core::event_ptr& event) {
        if (const auto exchange = find(self->state, *event))
          exchange->acknowledge();
      },
      [self](late_atom, const core::event_ptr& event) {
        if (const auto exchange = find(self->state, *event))
          exchange->finish(core::refused(core::errc::upstream_timeout,
                                         "no outcome, and too few copies"));
      },
      [self](abandon_atom) {
        for (const auto& each : self->state.in_flight)
          if (const auto exchange = each.lock())
            exchange->finish(core::refused(core::errc::draining,
                                           "not delivered before the stop"));
      },
      [self](tick_atom) {
        self->state.will_sweep = false;
        sweep(self->state, self->clock().now());
        sweep_later(self);
      },
  };
}

} // namespace mfo::actors
