#pragma once

#include "actors/examiner.hpp"
#include "actors/interfaces.hpp"
#include "telemetry/log.hpp"

#include <memory>
#include <optional>

namespace mfo::actors {

struct validator_state {
  // A constructor of its own, so that it is no aggregate: CAF would have C++20
  // initialise an aggregate's first member from the actor's address.
  validator_state() = default;

  static inline const char* name = "validator";

  router_actor next;
  bool acknowledges = true;
  std::optional<examiner> rules;
};

/// Lets pass what the examiner finds nothing against.
validator_actor::behavior_type
validator(validator_actor::stateful_pointer<validator_state> self,
          std::shared_ptr<const validator_deps> deps, router_actor next,
          std::shared_ptr<telemetry::log> log);

} // namespace mfo::actors
