#include "actors/validator.hpp"

#include "actors/stage.hpp"

#include <optional>

namespace mfo::actors {

namespace {

std::optional<core::errc> examine(validator_state& state,
                                  const core::event& event) {
  const auto signer = state.signers.find(event.endpoint->id);
  if (signer == state.signers.end() ||
      !signer->second.verify(event.signature, event.payload()))
    return core::errc::bad_signature;
  if (!state.json.check(event.payload()))
    return core::errc::malformed_json;
  return std::nullopt;
}

} // namespace

validator_actor::behavior_type
validator(validator_actor::stateful_pointer<validator_state> self,
          const std::vector<config::endpoint_settings>& endpoints,
          router_actor next, std::shared_ptr<telemetry::log> log) {
  end_on_exception(self, std::move(log));
  self->state.next = std::move(next);
  for (const auto& each : endpoints)
    self->state.signers.emplace(each.id, core::hmac_signer{each.signature});
  return {
      [self](const core::event_ptr& event) {
        return answer_or_throw(self, [&]() -> caf::result<core::outcome> {
          if (const auto error = examine(self->state, *event))
            return core::refused(*error);
          if (event->endpoint->ack == config::ack_mode::received)
            self->send(caf::actor_cast<intake_actor>(self->current_sender()),
                       accept_atom::value, event);
          event->where.move_to(core::stage::router);
          return self->delegate(self->state.next, event);
        });
      },
      [self](wire_atom, router_actor other) { self->state.next = other; },
  };
}

} // namespace mfo::actors
