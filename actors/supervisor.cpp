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

/// The connector by which a server is called for peers: that of the newest
/// generation that knows the server.
bool is_for_peers(const supervisor_state& state, const part& what) {
  const auto& all = state.generations;
  const auto knows =
      std::find_if(all.rbegin(), all.rend(), [&what](const auto& each) {
        return each.second.connectors.contains(what.server);
      });
  return knows != all.rend() &&
         knows->second.connectors.at(what.server) == what;
}

void wire_to_hub(supervisor_pointer self, const part& what) {
  const auto& [deps, actor] = self->state.connectors.at(what);
  if (self->state.deps->hub && deps && is_for_peers(self->state, what))
    self->send(self->state.deps->hub, wire_atom::value, what.server, actor);
}

/// Starts the connector of a server, and tells the task runners that call by
/// it. It calls the server itself, or has peers do so.
caf::actor_addr start_connector(supervisor_pointer self, const part& what) {
  auto& state = self->state;
  auto& [deps, actor] = state.connectors.at(what);
  if (deps)
    actor = self->spawn<caf::monitored>(mfo_connector, deps);
  else
    actor = self->spawn<caf::monitored>(remote_connector, what.server,
                                        state.deps->hub);
  for (const auto& [number, each] : state.generations)
    if (const auto used = each.connectors.find(what.server);
        each.runner && used != each.connectors.end() && used->second == what)
      self->send(each.runner, wire_atom::value, what.server, actor);
  wire_to_hub(self, what);
  if (state.open)
    self->send(actor, open_atom::value);
  return actor.address();
}

caf::actor_addr start_runner(supervisor_pointer self, std::uint64_t number) {
  auto& state = self->state;
  auto& generation = state.generations.at(number);
  connector_map connectors;
  for (const auto& [server, which] : generation.connectors)
    connectors[server] = state.connectors.at(which).actor;
  generation.runner = self->spawn<caf::monitored>(
      task_runner, generation.parts->task_runner, std::move(connectors));
  if (state.deps->hub)
    self->send(state.deps->hub, wire_atom::value, generation.runner, number);
  else if (state.router)
    self->send(state.router, wire_atom::value, work_actor{generation.runner},
               number);
  return generation.runner.address();
}

/// Who gets the router's events of a generation.
work_actor work_of(const supervisor_state& state,
                   const supervisor_state::generation& which) {
  return state.deps->hub ? work_actor{state.deps->hub}
                         : work_actor{which.runner};
}

caf::actor_addr start_router(supervisor_pointer self) {
  auto& state = self->state;
  const auto& deps = *state.deps;
  auto next = state.generations.begin();
  const auto& [oldest, of_oldest] = *next;
  state.router = self->spawn<caf::monitored>(
      router, work_of(state, of_oldest),
      router_deps{.workflows = of_oldest.parts->workflows,
                  .generation = oldest,
                  .in_line = deps.hub ? nullptr : deps.in_line,
                  .log = deps.observer.log});
  for (++next; next != state.generations.end(); ++next)
    self->send(state.router, adopt_atom::value, next->first,
               next->second.parts->workflows, work_of(state, next->second));
  if (state.validator)
    self->send(state.validator, wire_atom::value, state.router);
  return state.router.address();
}

caf::actor_addr start_validator(supervisor_pointer self) {
  auto& state = self->state;
  auto next = state.generations.begin();
  state.validator =
      self->spawn<caf::monitored>(validator, next->second.parts->validator,
                                  state.router, state.deps->observer.log);
  for (++next; next != state.generations.end(); ++next)
    self->send(state.validator, adopt_atom::value,
               next->second.parts->validator);
  if (state.intake)
    self->send(state.intake, wire_atom::value, state.validator);
  return state.validator.address();
}

/// Starts a part, and tells the stage before it; not one of a generation that
/// is gone.
void start(supervisor_pointer self, const part& what) {
  auto& state = self->state;
  caf::actor_addr address;
  switch (what.which) {
  case core::stage::mfo_connector:
    if (!state.connectors.contains(what))
      return;
    address = start_connector(self, what);
    break;
  case core::stage::task_runner:
    if (!state.generations.contains(what.generation))
      return;
    address = start_runner(self, what.generation);
    break;
  case core::stage::router:
    address = start_router(self);
    break;
  case core::stage::validator:
    address = start_validator(self);
    break;
  case core::stage::intake:
    state.intake = self->spawn<caf::monitored>(intake, state.validator,
                                               state.deps->observer.log);
    state.deps->intake->set(state.intake);
    address = state.intake.address();
    break;
  }
  state.parts[address] = what;
}

/// The connector that a generation before has too, or a new one.
void add_connector(supervisor_pointer self,
                   supervisor_state::generation& generation,
                   const std::string& server, mfo_connector_deps_ptr deps) {
  auto& all = self->state.connectors;
  const auto known = std::ranges::find_if(all, [&](const auto& each) {
    return each.first.server == server && each.second.deps == deps;
  });
  const part what = known != all.end() ? known->first
                                       : part{core::stage::mfo_connector,
                                              server, generation.parts->number};
  generation.connectors[server] = what;
  if (known != all.end())
    return wire_to_hub(self, what);
  all[what] = {std::move(deps), {}};
  start(self, what);
}

/// What is a generation's own.
void start_generation(supervisor_pointer self, generation_parts_ptr parts) {
  const auto number = parts->number;
  auto& generation = self->state.generations[number];
  generation.parts = std::move(parts);
  for (const auto& each : generation.parts->connectors)
    add_connector(self, generation, each->server.name, each);
  for (const auto& each : generation.parts->remote_servers)
    add_connector(self, generation, each, nullptr);
  start(self, {core::stage::task_runner, {}, number});
}

void adopt(supervisor_pointer self, generation_parts_ptr parts) {
  auto& state = self->state;
  const auto number = parts->number;
  // Its endpoints cannot be reached before it is in force.
  state.open = false;
  start_generation(self, std::move(parts));
  // Who is down at the moment is told when it is started again.
  const auto& added = state.generations.at(number);
  self->send(state.validator, adopt_atom::value, added.parts->validator);
  self->send(state.router, adopt_atom::value, number, added.parts->workflows,
             work_of(state, added));
}

caf::result<std::uint64_t> retire(supervisor_pointer self,
                                  std::uint64_t number) {
  auto& state = self->state;
  auto answer = self->make_response_promise<std::uint64_t>();
  const auto gone = state.generations.extract(number);
  std::set<caf::actor_addr> ending;
  const auto end = [&](const auto& actor, const part& what) {
    state.failures.erase(what);
    if (state.parts.erase(actor.address()) == 0)
      return; // it is down already
    ending.insert(actor.address());
    self->send_exit(actor, caf::exit_reason::user_shutdown);
  };
  if (gone) {
    self->send(state.validator, forget_atom::value, number);
    self->send(state.router, forget_atom::value, number);
    if (state.deps->hub)
      self->send(state.deps->hub, forget_atom::value, number);
    end(gone.mapped().runner, {core::stage::task_runner, {}, number});
    for (const auto& [server, what] : gone.mapped().connectors) {
      const bool used = std::ranges::any_of(
          state.generations, [server = server, what = what](const auto& each) {
            const auto found = each.second.connectors.find(server);
            return found != each.second.connectors.end() &&
                   found->second == what;
          });
      if (used)
        continue;
      end(state.connectors.at(what).actor, what);
      state.connectors.erase(what);
    }
  }
  if (ending.empty())
    answer.deliver(number);
  else
    state.retirements.push_back({std::move(ending), answer, number});
  return answer;
}

/// Whether it is what a retirement waits for.
bool was_retired(supervisor_state& state, const caf::actor_addr& who) {
  for (auto each = state.retirements.begin(); each != state.retirements.end();
       ++each) {
    if (each->ending.erase(who) == 0)
      continue;
    if (each->ending.empty()) {
      each->answer.deliver(each->generation);
      state.retirements.erase(each);
    }
    return true;
  }
  return false;
}

void failed(supervisor_pointer self, const caf::down_msg& down) {
  auto& state = self->state;
  if (state.deps->hub && down.source == state.deps->hub.address()) {
    state.deps->escalate("hub");
    return;
  }
  if (was_retired(state, down.source))
    return;
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
  self->delayed_send(self, *delay, restart_atom::value, what.which, what.server,
                     what.generation);
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
  for (const auto& [number, each] : state.generations)
    stop(each.runner);
  for (const auto& [what, connector] : state.connectors)
    stop(connector.actor);
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
  start_generation(self, self->state.deps->first);
  for (const auto which :
       {core::stage::router, core::stage::validator, core::stage::intake})
    start(self, {which, {}});
  return {
      [self](restart_atom, core::stage which, const std::string& server,
             std::uint64_t generation) {
        start(self, {which, server, generation});
        const auto name = core::to_string(which);
        self->state.deps->observer.metrics->actor_restarted(name);
        self->state.deps->observer.log->warn(
            "actor restarted", {{"stage", name}, {"server", server}});
      },
      [self](adopt_atom, const generation_parts_ptr& parts) {
        adopt(self, parts);
        return parts->number;
      },
      [self](retire_atom, std::uint64_t generation) {
        return retire(self, generation);
      },
      [self](open_atom) {
        self->state.open = true;
        for (const auto& [what, connector] : self->state.connectors)
          self->send(connector.actor, open_atom::value);
      },
      [self](cancel_atom, const std::string& run) {
        for (const auto& [number, each] : self->state.generations)
          self->send(each.runner, cancel_atom::value, run,
                     std::string{"an operator asked for it"});
      },
      [self](abandon_atom) {
        // Who is nearer to the server knows more of what it holds.
        for (const auto& [what, connector] : self->state.connectors)
          self->send(connector.actor, abandon_atom::value);
        for (const auto& [number, each] : self->state.generations)
          self->send(each.runner, abandon_atom::value);
        if (self->state.intake)
          self->delayed_send(self->state.intake, abandon_grace,
                             abandon_atom::value);
      },
  };
}

} // namespace mfo::actors
