#pragma once

#include "actors/interfaces.hpp"
#include "telemetry/log.hpp"

#include <memory>
#include <string>
#include <unordered_map>

namespace mfo::actors {

struct router_state {
  // A constructor of its own, so that it is no aggregate: CAF would have C++20
  // initialise an aggregate's first member from the actor's address.
  router_state() = default;

  static inline const char* name = "router";

  task_runner_actor next;
  /// The routes so far, by the name of the server.
  std::unordered_map<std::string, core::route_ptr> forward;
};

/// Finds what is to be done with an event. Without taskflows that is one
/// thing: forward it to its endpoint's server.
router_actor::behavior_type
router(router_actor::stateful_pointer<router_state> self,
       task_runner_actor next, std::shared_ptr<telemetry::log> log);

} // namespace mfo::actors
