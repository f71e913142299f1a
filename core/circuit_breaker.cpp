#include "core/circuit_breaker.hpp"

#include <algorithm>

namespace mfo::core {

namespace {

using clock = circuit_breaker::clock;

/// Of open_for.
constexpr double most_jitter = 0.2;

/// What a refusal says while all probes are under way: nobody knows when they
/// end.
constexpr std::chrono::seconds probe_guess{1};

clock::duration tenth_of(std::chrono::milliseconds window) {
  return std::max<clock::duration>(clock::duration{window} / 10,
                                   clock::duration{1});
}

} // namespace

std::string_view to_string(breaker_state state) noexcept {
  switch (state) {
  case breaker_state::closed:
    return "closed";
  case breaker_state::half_open:
    return "half-open";
  case breaker_state::open:
    break;
  }
  return "open";
}

circuit_breaker::circuit_breaker(const config::breaker_settings& settings,
                                 clock::duration probe_timeout)
  : settings_(settings), probe_timeout_(probe_timeout),
    calls_(tenth_of(settings.window)), failures_(tenth_of(settings.window)),
    probes_(std::max(settings.half_open_probes, 1u)) {}

circuit_breaker::admission circuit_breaker::admit(clock::time_point now) {
  admission result;
  if (state_ == breaker_state::open) {
    if (now < open_until_) {
      result.retry_after = open_until_ - now;
      return result;
    }
    result.changed = enter(breaker_state::half_open);
  }
  ticket permit;
  permit.period_ = period_;
  if (state_ == breaker_state::half_open) {
    // A free place has number 0; of the others the oldest is lost first.
    const auto place = std::min_element(
        probes_.begin(), probes_.end(),
        [](const probe& a, const probe& b) { return a.number < b.number; });
    if (place->number != 0 && place->lost_at > now) {
      result.retry_after =
          std::min<clock::duration>(settings_.open_for, probe_guess);
      return result;
    }
    permit.probe_ = ++last_probe_;
    *place = {.number = permit.probe_, .lost_at = now + probe_timeout_};
  }
  result.permit = permit;
  return result;
}

std::optional<circuit_breaker::change>
circuit_breaker::succeeded(clock::time_point now, ticket call) {
  if (!take(call))
    return std::nullopt;
  if (state_ == breaker_state::closed) {
    failures_in_row_ = 0;
    calls_.add(now);
    return std::nullopt;
  }
  if (++successes_ < settings_.success_threshold)
    return std::nullopt;
  return enter(breaker_state::closed);
}

std::optional<circuit_breaker::change>
circuit_breaker::failed(clock::time_point now, ticket call, double uniform) {
  if (!take(call))
    return std::nullopt;
  if (state_ == breaker_state::closed) {
    ++failures_in_row_;
    calls_.add(now);
    failures_.add(now);
    if (!too_many_failures(now))
      return std::nullopt;
  }
  const clock::duration open_for = settings_.open_for;
  const auto jitter = std::chrono::duration<double, clock::period>{open_for} *
                      (most_jitter * uniform);
  open_until_ = now + open_for + std::chrono::round<clock::duration>(jitter);
  return enter(breaker_state::open);
}

void circuit_breaker::ignored(ticket call) {
  take(call);
}

bool circuit_breaker::take(const ticket& call) {
  if (!settings_.enabled || call.period_ != period_)
    return false;
  if (state_ == breaker_state::closed)
    return true;
  const auto place =
      std::find_if(probes_.begin(), probes_.end(), [&call](const probe& each) {
        return each.number == call.probe_;
      });
  if (place == probes_.end())
    return false;
  *place = {};
  return true;
}

circuit_breaker::change circuit_breaker::enter(breaker_state to) {
  const change result{state_, to};
  state_ = to;
  ++period_;
  failures_in_row_ = 0;
  successes_ = 0;
  calls_.clear();
  failures_.clear();
  std::fill(probes_.begin(), probes_.end(), probe{});
  return result;
}

bool circuit_breaker::too_many_failures(clock::time_point now) const {
  if (failures_in_row_ >= settings_.consecutive_failures)
    return true;
  const auto calls = calls_.recent(now);
  // Divided, not multiplied: 3 of 10 is exactly the 0.3 of the settings.
  return calls >= settings_.min_calls &&
         static_cast<double>(failures_.recent(now)) /
                 static_cast<double>(calls) >=
             settings_.failure_ratio;
}

} // namespace mfo::core
