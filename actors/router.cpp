#include "actors/router.hpp"

#include "actors/stage.hpp"

namespace mfo::actors {

namespace {

/// An event goes to its endpoint's server.
core::route_ptr route_of(router_state& state, const core::event& event) {
  auto& known = state.forward[event.endpoint->server];
  if (!known)
    known = std::make_shared<const core::route>(
        core::route{event.endpoint->server});
  return known;
}

} // namespace

router_actor::behavior_type
router(router_actor::stateful_pointer<router_state> self,
       task_runner_actor next, std::shared_ptr<telemetry::log> log) {
  end_on_exception(self, std::move(log));
  self->state.next = std::move(next);
  return {
      [self](const core::event_ptr& event) {
        return answer_or_throw(self, [&]() -> caf::result<core::outcome> {
          event->where.move_to(core::stage::task_runner);
          return self->delegate(self->state.next, event,
                                route_of(self->state, *event));
        });
      },
      [self](wire_atom, task_runner_actor other) { self->state.next = other; },
  };
}

} // namespace mfo::actors
