#include "actors/router.hpp"

#include "actors/handover.hpp"
#include "actors/stage.hpp"

#include <utility>

namespace mfo::actors {

namespace {

using router_pointer = router_impl::stateful_pointer<router_state>;
using waiter = router_state::waiter;

void adopt(router_state& state, std::uint64_t generation,
           const workflow_list& workflows, work_actor next) {
  state.generations.insert_or_assign(
      generation, router_state::rules{route_table{workflows}, std::move(next)});
}

void note_waiting(router_pointer self) {
  auto& state = self->state;
  state.in_line->store(state.lanes.waiting(), std::memory_order_relaxed);
  if (state.lanes.lanes() == 0 || std::exchange(state.ticks, true))
    return;
  self->delayed_send(self, turn_tick, tick_atom::value);
}

void next_turn(router_pointer self, const core::event& ended);

void begin_turn(router_pointer self, waiter what) {
  auto ended = [self, event = what.event,
                answer = what.answer](core::outcome how) mutable {
    answer.deliver(std::move(how));
    next_turn(self, *event);
  };
  self->request(self->state.of(*what.event).next, caf::infinite, what.event,
                what.way)
      .then([ended](const core::outcome& how) mutable { ended(how); },
            [ended](const caf::error& why) mutable { ended(stage_lost(why)); });
}

/// The event has ended: the next one of its key goes.
void next_turn(router_pointer self, const core::event& ended) {
  auto& lanes = self->state.lanes;
  const auto now = self->clock().now();
  auto next = lanes.ended(ended);
  for (; next && next->event->deadline <= now; next = lanes.ended(*next->event))
    next->answer.deliver(core::missed_turn());
  if (next)
    begin_turn(self, *std::move(next));
  note_waiting(self);
}

caf::result<core::outcome> take_in_order(router_pointer self,
                                         const core::event_ptr& event,
                                         const route_ptr& way) {
  using verdict = core::event_lanes<waiter>::verdict;
  // A promise takes the sender with it.
  const auto sender = caf::actor_cast<intake_actor>(self->current_sender());
  waiter one{event, way, self->make_response_promise<core::outcome>()};
  auto answer = one.answer;
  const auto most = event->endpoint->ordering_key.max_waiting;
  const auto when = self->state.lanes.add(one, most);
  if (when == verdict::full) {
    answer.deliver(core::no_turn_soon());
    return answer;
  }
  if (event->endpoint->ack == config::ack_mode::received)
    self->send(sender, accept_atom::value, event);
  if (when == verdict::go)
    begin_turn(self, std::move(one));
  note_waiting(self);
  return answer;
}

void sweep(router_pointer self) {
  auto& state = self->state;
  const auto now = self->clock().now();
  for (auto& each : state.lanes.take_overdue(now))
    each.answer.deliver(core::missed_turn());
  for (const auto& each : state.lanes.lost(now))
    next_turn(self, *each);
  state.ticks = false;
  note_waiting(self);
}

} // namespace

router_state::router_state() = default;

router_state::~router_state() {
  if (in_line)
    in_line->store(0, std::memory_order_relaxed);
}

router_impl::behavior_type router(router_pointer self, work_actor next,
                                  const router_deps& deps) {
  end_on_exception(self, deps.log);
  adopt(self->state, deps.generation, deps.workflows, std::move(next));
  self->state.in_line = deps.in_line;
  return {
      [self](core::event_ptr& event) {
        return answer_or_throw(self, [&]() -> caf::result<core::outcome> {
          event->where.move_to(core::stage::task_runner, self->clock().now());
          auto& [routes, next] = self->state.of(*event);
          auto way = routes.find(*event);
          event->trail.routed(way->names);
          if (self->state.in_line && core::is_ordered(*event))
            return take_in_order(self, event, way);
          return pass_on(self, next, std::move(event), std::move(way));
        });
      },
      [self](wire_atom, work_actor other, std::uint64_t generation) {
        // One that is not known yet comes with its runner.
        const auto found = self->state.generations.find(generation);
        if (found != self->state.generations.end())
          found->second.next = other;
      },
      [self](adopt_atom, std::uint64_t generation,
             const workflow_list& workflows, work_actor next) {
        adopt(self->state, generation, workflows, std::move(next));
      },
      [self](forget_atom, std::uint64_t generation) {
        self->state.generations.erase(generation);
      },
      [self](tick_atom) { sweep(self); },
  };
}

} // namespace mfo::actors
