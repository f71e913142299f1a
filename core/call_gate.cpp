#include "core/call_gate.hpp"

#include <algorithm>

namespace mfo::core {

namespace {

/// A call ends by its own time-out; this is for one that was forgotten.
constexpr std::chrono::seconds probe_grace{5};

} // namespace

call_gate::call_gate(const config::server_settings& settings)
  : breaker_(settings.breaker, settings.request_timeout + probe_grace),
    limit_(settings.concurrency, settings.max_in_flight) {}

bool call_gate::is_full(clock::time_point now) {
  const bool full = in_flight_ >= limit_.limit();
  if (full)
    pacer_.on_full(now);
  return full;
}

call_gate::answer call_gate::ask(clock::time_point now) {
  if (is_full(now))
    return {.what = verdict::full};
  if (now < held_until_)
    return {.what = verdict::later, .when = held_until_};
  if (one_first_ && since_hold_ > 0)
    return {.what = verdict::full};
  // Before the breaker, which hands out its probes only to calls that begin.
  if (const auto next = pacer_.next_start(now); next > now)
    return {.what = verdict::later, .when = next};
  const auto admitted = breaker_.admit(now);
  if (!admitted.permit)
    return {.what = verdict::refuse,
            .when = now + admitted.retry_after,
            .changed = admitted.changed};
  ++in_flight_;
  ++since_hold_;
  pacer_.on_start(now);
  const bool probe =
      breaker_.state() == breaker_state::half_open || one_first_ || unsure_;
  // One at a time: what it was unsure of, this call may tell.
  unsure_ = false;
  return {.what = verdict::begin,
          .ticket = *admitted.permit,
          .probe = probe,
          .changed = admitted.changed};
}

std::optional<circuit_breaker::change>
call_gate::ended(clock::time_point now, const circuit_breaker::ticket& ticket,
                 clock::time_point began, call_result result,
                 clock::duration retry_after, double uniform) {
  if (began >= held_until_ && since_hold_ > 0)
    --since_hold_;
  if (result == call_result::ignored) {
    breaker_.ignored(ticket);
    --in_flight_;
    unsure_ = true;
    return std::nullopt;
  }
  limit_.on_result(now, now - began, in_flight_,
                   result == call_result::overloaded);
  --in_flight_;
  std::optional<circuit_breaker::change> changed;
  if (result == call_result::succeeded || result == call_result::refused) {
    pacer_.on_success(began);
    // One that began before says nothing of how it is now.
    if (began >= held_until_)
      one_first_ = false;
    changed = breaker_.succeeded(now, ticket);
  } else {
    if (retry_after > retry_after.zero()) {
      held_until_ = std::max(held_until_, now + retry_after);
      since_hold_ = 0; // nothing begins before it is over
      one_first_ = true;
    }
    changed = breaker_.failed(now, ticket, uniform);
  }
  follow(now);
  return changed;
}

void call_gate::nobody_waits(clock::time_point now) {
  if (pacer_.recovering())
    pacer_.recovered(now);
}

/// Tells the pacer of an outage and of its end. Half-open is still a part.
void call_gate::follow(clock::time_point now) {
  const bool outage = breaker_.state() != breaker_state::closed || one_first_;
  if (outage == outage_)
    return;
  outage_ = outage;
  if (outage)
    pacer_.outage_began(now);
  else
    pacer_.recovery_began(now);
}

} // namespace mfo::core
