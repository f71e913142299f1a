#include "actors/validator.hpp"

#include "actors/handover.hpp"
#include "actors/stage.hpp"

#include "core/ordering_key.hpp"

#include <string>
#include <utility>

namespace mfo::actors {

namespace {

using validator_pointer = validator_actor::stateful_pointer<validator_state>;

intake_actor sender_of(validator_pointer self) {
  return caf::actor_cast<intake_actor>(self->current_sender());
}

caf::result<core::outcome> examine(validator_pointer self,
                                   core::event_ptr& event) {
  auto& rules = self->state.rules.at(core::number_of(event->generation));
  if (!event->proven) {
    auto found = rules.prove(*event);
    if (!found)
      return std::move(found.error());
    if (!found->empty()) {
      self->send(sender_of(self), divide_atom::value, event,
                 std::make_shared<const std::vector<core::event_ptr>>(
                     *std::move(found)));
      // Of an exchange that has made way: nobody listens.
      return core::outcome{};
    }
  }
  const auto now = self->clock().now();
  if (auto refusal = rules.admit(*event, now))
    return *std::move(refusal);
  // One that is ordered may yet find no place among those that wait.
  if (self->state.acknowledges && !core::is_ordered(*event) &&
      event->endpoint->ack == config::ack_mode::received)
    self->send(sender_of(self), accept_atom::value, event);
  event->where.move_to(core::stage::router, now);
  return pass_on(self, self->state.next, std::move(event));
}

} // namespace

validator_actor::behavior_type validator(validator_pointer self,
                                         const validator_deps_ptr& deps,
                                         router_actor next,
                                         std::shared_ptr<telemetry::log> log) {
  end_on_exception(self, std::move(log));
  self->state.next = std::move(next);
  self->state.rules.emplace(deps->generation, *deps);
  self->state.acknowledges = deps->acknowledges;
  return {
      [self](core::event_ptr& event) {
        return answer_or_throw(self, [&] { return examine(self, event); });
      },
      [self](wire_atom, router_actor other) { self->state.next = other; },
      [self](adopt_atom, const validator_deps_ptr& more) {
        self->state.rules.emplace(more->generation, *more);
      },
      [self](forget_atom, std::uint64_t generation) {
        self->state.rules.erase(generation);
      },
  };
}

} // namespace mfo::actors
