#pragma once

#include "actors/interfaces.hpp"
#include "telemetry/log.hpp"

#include <map>
#include <memory>
#include <string>

namespace mfo::actors {

/// The connectors by the name of their server.
using connector_map = std::map<std::string, mfo_connector_actor, std::less<>>;

struct task_runner_state {
  // A constructor of its own, so that it is no aggregate: CAF would have C++20
  // initialise an aggregate's first member from the actor's address.
  task_runner_state() = default;

  static inline const char* name = "task_runner";

  connector_map connectors;
};

/// Runs a route: its one task is to forward the event to the route's server.
task_runner_actor::behavior_type
task_runner(task_runner_actor::stateful_pointer<task_runner_state> self,
            connector_map connectors, std::shared_ptr<telemetry::log> log);

} // namespace mfo::actors
