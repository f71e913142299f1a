#pragma once

#include "actors/examiner.hpp"
#include "actors/interfaces.hpp"
#include "telemetry/log.hpp"

#include <cstdint>
#include <map>
#include <memory>

namespace mfo::actors {

struct validator_state {
  // A constructor of its own, so that it is no aggregate: CAF would have C++20
  // initialise an aggregate's first member from the actor's address.
  validator_state() = default;

  static inline const char* name = "validator";

  router_actor next;
  bool acknowledges = true;
  std::map<std::uint64_t, examiner> rules; ///< by generation
};

/// Lets pass what the examiner of its generation finds nothing against.
validator_actor::behavior_type
validator(validator_actor::stateful_pointer<validator_state> self,
          const validator_deps_ptr& deps, router_actor next,
          std::shared_ptr<telemetry::log> log);

} // namespace mfo::actors
