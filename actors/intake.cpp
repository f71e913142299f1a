#include "actors/intake.hpp"

#include "actors/stage.hpp"

#include <algorithm>
#include <utility>

namespace mfo::actors {

namespace {

using intake_pointer = intake_impl*;
using flight = intake_state::flight;

/// Looks for passed deadlines before long, as long as there are any: a node
/// with nothing to do is not woken up for this.
void sweep_later(intake_pointer self) {
  if (!self->state.in_flight.empty() &&
      !std::exchange(self->state.will_sweep, true))
    self->delayed_send(self, intake_tick, tick_atom::value);
}

void admit(intake_pointer self, http::exchange_ptr exchange) {
  const auto& event = exchange->event();
  event->where.move_to(core::stage::validator, self->clock().now());
  // No time-out of its own: its timer would stay queued until it fires, for
  // every event (docs/adr/0002-one-deadline.md).
  const auto request = self->request(self->state.next, caf::infinite, event);
  self->state.in_flight.push_back(
      {request.id().integer_value(), std::move(exchange)});
  sweep_later(self);
}

/// The exchange whose event was handed on with this request, for its one
/// response; null once it has ended.
http::exchange_ptr take(intake_state& state, caf::message_id response) {
  const auto id = response.integer_value();
  const auto found =
      std::ranges::lower_bound(state.in_flight, id, {}, &flight::response);
  if (found == state.in_flight.end() || found->response != id)
    return nullptr;
  return std::exchange(found->exchange, nullptr);
}

void finish(http::exchange& exchange, const caf::type_erased_tuple& response) {
  if (response.match_elements<core::outcome>())
    exchange.finish(response.get_as<core::outcome>(0));
  else if (response.match_elements<caf::error>())
    exchange.finish(stage_lost(response.get_as<caf::error>(0)));
  else
    exchange.finish(stage_lost(caf::make_error(caf::sec::unexpected_response)));
}

/// The exchange of the event; null once it has ended. What is asked for came
/// in not long ago, so it is near the end.
http::exchange_ptr find(const intake_state& state, const core::event& event) {
  const auto& all = state.in_flight;
  for (auto each = all.rbegin(); each != all.rend(); ++each)
    if (each->exchange && each->exchange->event().get() == &event)
      return each->exchange;
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
    const auto& exchange = each.exchange;
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

caf::invoke_message_result intake_impl::consume(caf::mailbox_element& element) {
  if (!element.mid.is_response())
    return super::consume(element);
  current_mailbox_element(&element);
  const auto exchange = take(state, element.mid);
  if (!exchange)
    return caf::invoke_message_result::dropped;
  finish(*exchange, element.content());
  return caf::invoke_message_result::consumed;
}

intake_actor::behavior_type intake(intake_pointer self, validator_actor next,
                                   std::shared_ptr<telemetry::log> log) {
  end_on_exception(self, log);
  self->state.next = std::move(next);
  self->state.log = std::move(log);
  return {
      [self](http::exchange_ptr& exchange) {
        admit(self, std::move(exchange));
      },
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
          if (each.exchange)
            each.exchange->finish(core::refused(
                core::errc::draining, "not delivered before the stop"));
      },
      [self](tick_atom) {
        self->state.will_sweep = false;
        sweep(self->state, self->clock().now());
        sweep_later(self);
      },
  };
}

} // namespace mfo::actors
