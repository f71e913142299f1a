#pragma once

#include "actors/interfaces.hpp"
#include "telemetry/log.hpp"

#include <chrono>
#include <memory>
#include <vector>

namespace mfo::actors {

/// How often passed deadlines are looked for. The connector keeps deadlines
/// itself; this is for what got lost on the way.
inline constexpr std::chrono::milliseconds intake_tick{100};

/// How much later than the deadline intake answers in the connector's place.
inline constexpr std::chrono::milliseconds intake_grace{250};

struct intake_state {
  // A constructor of its own, so that it is no aggregate: CAF would have C++20
  // initialise an aggregate's first member from the actor's address.
  intake_state() = default;

  static inline const char* name = "intake";

  validator_actor next;
  std::shared_ptr<telemetry::log> log;
  /// What may be in flight; what is answered is swept out at the next tick.
  std::vector<std::weak_ptr<http::exchange>> in_flight;
  bool will_sweep = false; ///< a tick is under way
};

/// Admits exchanges, hands their events on, and answers each when its outcome
/// comes back, or when its deadline has passed without one.
intake_actor::behavior_type
intake(intake_actor::stateful_pointer<intake_state> self, validator_actor next,
       std::shared_ptr<telemetry::log> log);

} // namespace mfo::actors
