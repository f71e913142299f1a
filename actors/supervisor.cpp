#include "actors/supervisor.hpp"

#include "actors/intake.hpp"
#include "actors/remote_connector.hpp"
#include "actors/router.hpp"
#include "actors/stage.hpp"
#include "actors/validator.hpp"

#include <algorithm>
#include <utility>

namespace mfo::actors {

namespace {

using supervisor_pointer = supervisor_actor::stateful_pointer<supervisor_state>;

/// One that calls the server itself, or one that has peers call it.
mfo_connector_actor make_connector(supervisor_pointer self,
                                   const std::string& server) {
  const auto& deps = *self->state.deps;
  const auto own =
      std::ranges::find(deps.connectors, server,
                        [](const auto& each) { return each->server.name; });
  if (own == deps.connectors.end())
    return self->spawn<caf::monitored>(remote_connector, server, deps.hub);
  mfo_connector_actor made = self->spawn<caf::monitored>(mfo_connector, *own);
  if (deps.hub)
    self->send(deps.hub, wire_atom::value, server, made);
  return made;
}

/// Starts the connector of a server, and tells the task runner.
caf::actor_addr start_connector(supervisor_pointer self,
                                const std::string& server) {
  auto& state = self->state;
  const auto started = make_connector(self, server);
  state.connectors[server] = started;
  if (state.task_runner)
    self->send(state.task_runner, wire_atom::value, server, started);
  if (state.open)
    self->send(started, open_atom::value);
  return started.address();
}

/// Starts a part, and tells the stage before it.
void start(supervisor_pointer self, const part& what) {
  auto& state = self->state;
  const auto& deps = *state.deps;
  const auto& log = deps.observer.log;
  caf::actor_addr address;
  switch (what.which) {
  case core::stage::mfo_connector:
    address = start_connector(self, what.server);
    break;
  case core::stage::task_runner:
    state.task_runner = self->spawn<caf::monitored>(
        task_runner, deps.task_runner, state.connectors);
    if (deps.hub)
      self->send(deps.hub, wire_atom::value, state.task_runner);
    else if (state.router)
      self->send(state.router, wire_atom::value, work_actor{state.task_runner});
    address = state.task_runner.address();
    break;
  case core::stage::router:
    state.router = self->spawn<caf::monitored>(
        router, deps.hub ? work_actor{deps.hub} : work_actor{state.task_runner},
        router_deps{.workflows = deps.workflows,
                    .in_line = deps.hub ? nullptr : deps.in_line,
                    .log = log});
    if (state.validator)
      self->send(state.validator, wire_atom::value, state.router);
    address = state.router.address();
    break;
  case core::stage::validator:
    state.validator = self->spawn<caf::monitored>(validator, deps.validator,
                                                  state.router, log);
    if (state.intake)
      self->send(state.intake, wire_atom::value, state.validator);
    address = state.validator.address();
    break;
  case core::stage::intake:
    state.intake = self->spawn<caf::monitored>(intake, state.validator, log);
    deps.intake->set(state.intake);
    address = state.intake.address();
    break;
  }
  state.parts[address] = what;
}

void failed(supervisor_pointer self, const caf::down_msg& down) {
  auto& state = self->state;
  if (state.deps->hub && down.source == state.deps->hub.address()) {
    state.deps->escalate("hub");
    return;
  }
  const auto found = state.parts.find(down.source);
  if (found == state.parts.end())
    return;
  const auto what = found->second;
  state.parts.erase(found);
  auto& window =
      state.failures
          .try_emplace(what, max_restarts, restart_period, first_restart_delay)
          .first->second;
  const auto delay = window.on_failure(self->clock().now());
  if (!delay) {
    const auto name = core::to_string(what.which);
    state.deps->observer.log->error("stage failed too often",
                                    {{"stage", name}, {"server", what.server}});
    state.deps->escalate(name);
    return;
  }
  self->delayed_send(self, *delay, restart_atom::value, what.which,
                     what.server);
}

void stop_all(supervisor_pointer self) {
  auto& state = self->state;
  state.parts.clear(); // what goes down now has not failed
  if (state.deps->hub)
    self->demonitor(state.deps->hub.address());
  state.deps->intake->set({});
  const auto stop = [self](const auto& stage) {
    if (stage)
      self->send_exit(stage, caf::exit_reason::user_shutdown);
  };
  stop(state.intake);
  stop(state.validator);
  stop(state.router);
  stop(state.task_runner);
  for (const auto& [server, connector] : state.connectors)
    stop(connector);
}

} // namespace

supervisor_actor::behavior_type
supervisor(supervisor_pointer self,
           std::shared_ptr<const supervisor_deps> deps) {
  self->state.deps = std::move(deps);
  self->set_down_handler(
      [self](const caf::down_msg& down) { failed(self, down); });
  self->set_exit_handler([self](const caf::exit_msg& exit) {
    stop_all(self);
    self->quit(exit.reason);
  });
  if (self->state.deps->hub)
    self->monitor(self->state.deps->hub);
  for (const auto& each : self->state.deps->connectors)
    start(self, {core::stage::mfo_connector, each->server.name});
  for (const auto& each : self->state.deps->remote_servers)
    start(self, {core::stage::mfo_connector, each});
  for (const auto which : {core::stage::task_runner, core::stage::router,
                           core::stage::validator, core::stage::intake})
    start(self, {which, {}});
  return {
      [self](restart_atom, core::stage which, const std::string& server) {
        start(self, {which, server});
        const auto name = core::to_string(which);
        self->state.deps->observer.metrics->actor_restarted(name);
        self->state.deps->observer.log->warn(
            "actor restarted", {{"stage", name}, {"server", server}});
      },
      [self](open_atom) {
        self->state.open = true;
        for (const auto& [server, connector] : self->state.connectors)
          self->send(connector, open_atom::value);
      },
      [self](cancel_atom, const std::string& run) {
        if (self->state.task_runner)
          self->send(self->state.task_runner, cancel_atom::value, run,
                     std::string{"an operator asked for it"});
      },
      [self](abandon_atom) {
        // Who is nearer to the server knows more of what it holds.
        for (const auto& [server, connector] : self->state.connectors)
          self->send(connector, abandon_atom::value);
        if (self->state.task_runner)
          self->send(self->state.task_runner, abandon_atom::value);
        if (self->state.intake)
          self->delayed_send(self->state.intake, abandon_grace,
                             abandon_atom::value);
      },
  };
}

} // namespace mfo::actors
