#pragma once

#include "devserver/api.hpp"
#include "devserver/callback_sender.hpp"
#include "devserver/event_log.hpp"
#include "devserver/faults.hpp"
#include "devserver/reply.hpp"
#include "devserver/request.hpp"

namespace mfo::devserver {

/// Answers /__control/…: what arrived, and what is to go wrong (README.md).
/// Refers to all five for as long as it lives.
class control {
public:
  control(event_log& recorded, event_log& rejected, fault_plan& faults,
          const callback_sender& callbacks, const api& contract) noexcept
    : recorded_(recorded), rejected_(rejected), faults_(faults),
      callbacks_(callbacks), contract_(contract) {}

  reply answer(const request& req);

private:
  reply clear_events();
  reply set_faults(const request& req);
  reply show_faults() const;

  event_log& recorded_;
  event_log& rejected_;
  fault_plan& faults_;
  const callback_sender& callbacks_;
  const api& contract_;
};

} // namespace mfo::devserver
