#include "actors/task_runner.hpp"

#include "actors/stage.hpp"

namespace mfo::actors {

task_runner_actor::behavior_type
task_runner(task_runner_actor::stateful_pointer<task_runner_state> self,
            connector_map connectors, std::shared_ptr<telemetry::log> log) {
  end_on_exception(self, std::move(log));
  self->state.connectors = std::move(connectors);
  return {
      [self](const core::event_ptr& event, const core::route_ptr& route) {
        return answer_or_throw(self, [&]() -> caf::result<core::outcome> {
          const auto found = self->state.connectors.find(route->server);
          if (found == self->state.connectors.end())
            return core::refused(core::errc::internal_error,
                                 "no such server: " + route->server);
          event->where.move_to(core::stage::mfo_connector);
          return self->delegate(found->second, event);
        });
      },
      [self](wire_atom, const std::string& server, mfo_connector_actor other) {
        self->state.connectors[server] = other;
      },
  };
}

} // namespace mfo::actors
