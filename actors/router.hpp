#pragma once

#include "actors/interfaces.hpp"
#include "actors/route.hpp"
#include "telemetry/log.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace mfo::actors {

struct router_state {
  // A constructor of its own, so that it is no aggregate: CAF would have C++20
  // initialise an aggregate's first member from the actor's address.
  router_state() = default;

  static inline const char* name = "router";

  work_actor next;
  std::optional<route_table> routes; ///< never empty once it runs
};

/// Finds what is to be done with an event.
router_actor::behavior_type
router(router_actor::stateful_pointer<router_state> self, work_actor next,
       std::vector<taskflow::workflow_ptr> workflows,
       std::shared_ptr<telemetry::log> log);

} // namespace mfo::actors
