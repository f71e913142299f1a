#pragma once

#include "actors/interfaces.hpp"
#include "telemetry/log.hpp"

#include <caf/all.hpp>

#include <chrono>
#include <cstdint>
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

  /// An exchange whose event was handed on.
  struct flight {
    std::uint64_t response;      ///< the id that the outcome will have
    http::exchange_ptr exchange; ///< null: answered
  };

  validator_actor next;
  std::shared_ptr<telemetry::log> log;
  /// In the order of their ids; what is answered is swept out at the next tick.
  std::vector<flight> in_flight;
  bool will_sweep = false; ///< a tick is under way
};

/// An actor that keeps what its requests are for itself. CAF 0.17.6 keeps the
/// handlers of responses in an unsorted vector, so that each answer would cost
/// the more the more events are in flight, and makes one anew for each request.
class intake_impl final : public intake_actor::stateful_base<intake_state> {
public:
  using super = intake_actor::stateful_base<intake_state>;
  using super::super;

  caf::invoke_message_result consume(caf::mailbox_element& element) override;
};

/// Admits exchanges, hands their events on, and answers each when its outcome
/// comes back, or when its deadline has passed without one.
intake_actor::behavior_type intake(intake_impl* self, validator_actor next,
                                   std::shared_ptr<telemetry::log> log);

} // namespace mfo::actors
