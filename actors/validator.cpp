#include "actors/validator.hpp"

#include "actors/stage.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

namespace mfo::actors {

namespace {

/// What a person who sets a sender up has to look at; for the log alone.
std::string why_not_genuine(const core::event& event) {
  const auto& scheme = event.endpoint->signature;
  if (event.signature.empty())
    return "there is no header " + scheme.header + ", or several";
  if (!event.signature.starts_with(scheme.prefix))
    return scheme.header + " does not begin with " + scheme.prefix;
  return fmt::format("{} fits none of the endpoint's {} secrets: another "
                     "secret, another encoding or algorithm, or a body that "
                     "was changed on its way",
                     scheme.header, scheme.secrets.size());
}

/// Nothing: it is genuine and well-formed.
std::optional<core::outcome> examine(validator_state& state,
                                     const core::event& event) {
  const auto signer = state.signers.find(event.endpoint->id);
  if (signer == state.signers.end() ||
      !signer->second.verify(event.signature, event.payload()))
    return core::refused(core::errc::bad_signature, why_not_genuine(event));
  if (!state.json.check(event.payload()))
    return core::refused(core::errc::malformed_json);
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
          if (auto refusal = examine(self->state, *event))
            return *std::move(refusal);
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
