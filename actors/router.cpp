#include "actors/router.hpp"

#include "actors/stage.hpp"

#include <utility>

namespace mfo::actors {

router_actor::behavior_type
router(router_actor::stateful_pointer<router_state> self, work_actor next,
       std::vector<taskflow::workflow_ptr> workflows,
       std::shared_ptr<telemetry::log> log) {
  end_on_exception(self, std::move(log));
  self->state.next = std::move(next);
  self->state.routes.emplace(workflows);
  return {
      [self](const core::event_ptr& event) {
        return answer_or_throw(self, [&]() -> caf::result<core::outcome> {
          event->where.move_to(core::stage::task_runner);
          return self->delegate(self->state.next, event,
                                self->state.routes->find(*event));
        });
      },
      [self](wire_atom, work_actor other) { self->state.next = other; },
  };
}

} // namespace mfo::actors
