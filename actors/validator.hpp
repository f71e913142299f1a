#pragma once

#include "actors/interfaces.hpp"
#include "core/json_check.hpp"
#include "core/signature.hpp"
#include "telemetry/log.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace mfo::actors {

struct validator_state {
  // A constructor of its own, so that it is no aggregate: CAF would have C++20
  // initialise an aggregate's first member from the actor's address.
  validator_state() = default;

  static inline const char* name = "validator";

  router_actor next;
  std::map<std::string, core::hmac_signer, std::less<>> signers;
  core::json_checker json;
};

/// Checks signature, then payload: who is no sender of ours is told nothing
/// about the payload.
validator_actor::behavior_type
validator(validator_actor::stateful_pointer<validator_state> self,
          const std::vector<config::endpoint_settings>& endpoints,
          router_actor next, std::shared_ptr<telemetry::log> log);

} // namespace mfo::actors
