#include "core/retry.hpp"

#include <algorithm>
#include <cmath>

namespace mfo::core {

reply_class classify_reply(int status) noexcept {
  if (status >= 200 && status < 300)
    return reply_class::accepted;
  switch (status) {
  case 401:
    return reply_class::unauthorized;
  case 410:
    return reply_class::gone;
  case 408:
  case 425:
  case 429:
  case 500:
  case 502:
  case 503:
  case 504:
    return reply_class::transient;
  default:
    return reply_class::permanent;
  }
}

bool breaker_counts(int status) noexcept {
  return classify_reply(status) == reply_class::transient;
}

errc error_of_reply(int status) noexcept {
  if (classify_reply(status) != reply_class::transient)
    return errc::upstream_rejected;
  switch (status) {
  case 429:
  case 503:
    return errc::upstream_busy;
  case 408:
  case 504:
    return errc::upstream_timeout;
  default:
    return errc::upstream_failed;
  }
}

retry_policy::retry_policy(const config::retry_settings& settings)
  : settings_(settings) {}

double retry_policy::ceiling_ms(unsigned count) const {
  auto grown = static_cast<double>(settings_.delay.count());
  switch (settings_.backoff) {
  case config::backoff_shape::constant:
    break;
  case config::backoff_shape::linear:
    grown *= count;
    break;
  case config::backoff_shape::exponential:
    // The power may overflow to infinity, which min() brings back, but
    // infinity times nothing would be no number.
    if (grown > 0)
      grown *= std::pow(settings_.multiplier, static_cast<double>(count - 1));
    break;
  }
  return std::min(grown, static_cast<double>(settings_.max_delay.count()));
}

std::optional<std::chrono::milliseconds>
retry_policy::next_delay(const failed_tries& so_far, double uniform) const {
  if (so_far.count >= settings_.max_count)
    return std::nullopt;
  auto delay = ceiling_ms(so_far.count);
  switch (settings_.jitter) {
  case config::jitter_mode::none:
    break;
  case config::jitter_mode::equal:
    delay = delay / 2 + delay / 2 * uniform;
    break;
  case config::jitter_mode::full:
    delay *= uniform;
    break;
  }
  const auto asked = std::min(so_far.retry_after, settings_.retry_after_max);
  const auto wait =
      std::max(std::chrono::milliseconds{std::llround(delay)}, asked);
  if (wait >= so_far.time_left ||
      wait > settings_.max_duration - so_far.since_first)
    return std::nullopt;
  return wait;
}

} // namespace mfo::core
