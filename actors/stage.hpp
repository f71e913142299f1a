#pragma once

#include "actors/interfaces.hpp"
#include "telemetry/log.hpp"

#include <caf/all.hpp>

#include <exception>
#include <memory>
#include <string>

/// What the stages between intake and server have in common.
namespace mfo::actors {

/// An event that the next stage has not answered: its actor is gone, or was
/// when the event came by.
inline core::outcome stage_lost(const caf::error& why) {
  return core::refused(core::errc::stage_unavailable, caf::to_string(why));
}

/// Runs a stage's work on an event. When that throws, the event is answered
/// with an internal error first, because CAF 0.17 leaves a request unanswered
/// when its handler throws; then the exception goes on, and ends the actor.
template <class Self, class Work>
caf::result<core::outcome> answer_or_throw(Self* self, Work work) {
  try {
    return work();
  } catch (const std::exception& problem) {
    auto promise = self->template make_response_promise<core::outcome>();
    promise.deliver(core::refused(core::errc::internal_error, problem.what()));
    throw;
  }
}

/// Logs what ended the actor, and ends it.
template <class Self>
void end_on_exception(Self* self, std::shared_ptr<telemetry::log> log) {
  self->set_exception_handler(
      [log, self](std::exception_ptr& problem) -> caf::error {
        try {
          std::rethrow_exception(problem);
        } catch (const std::exception& known) {
          log->error("actor failed",
                     {{"stage", self->name()}, {"detail", known.what()}});
        }
        return caf::sec::runtime_error;
      });
}

} // namespace mfo::actors
