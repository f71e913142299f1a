#pragma once

#include "core/admission.hpp"
#include "core/event.hpp"
#include "core/outcome.hpp"
#include "telemetry/event_book.hpp"
#include "telemetry/ledger.hpp"

#include <functional>

namespace mfo::http {

/// An event that was acknowledged and could not be delivered, with all that it
/// holds on to until it has ended: its room, its open account and its
/// story.
struct undelivered {
  core::event_ptr event;
  core::outcome why; ///< has an error
  core::admission::permit room;
  telemetry::ledger::entry account;
  /// To be called once it is with a sink; may be empty.
  std::function<void()> settled{};
  /// To be called once a sink or a peer has it, whichever it is; may be empty.
  std::function<void()> secured{};
  telemetry::event_entry story{};
};

/// Where such events go. Thread-safe.
class dead_letter_office {
public:
  virtual ~dead_letter_office() = default;

  /// Sees to it that the event ends as a dead letter, and closes its account.
  virtual void take(undelivered what) noexcept = 0;
};

} // namespace mfo::http
