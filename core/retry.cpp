#include "core/retry.hpp"

#include <algorithm>
#include <cmath>

namespace mfo::core {

reply_class classify_reply(int status) noexcept {
  if (status >= 200 && status < 300)
    return reply_class::accepted;
  switch (status) {
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

errc error_of_reply(int status) noexcept {
  if (classify_reply(status) == reply_class::permanent)
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

double retry_policy::ceiling_ms(unsigned attempts) const {
  const auto exponent = static_cast<double>(attempts - 1);
  const auto grown = static_cast<double>(settings_.delay.count()) *
                     std::pow(settings_.multiplier, exponent);
  // pow() may overflow to infinity, which min() brings back.
  return std::min(grown, static_cast<double>(settings_.max_delay.count()));
}

std::optional<std::chrono::milliseconds>
retry_policy::next_delay(unsigned attempts, double uniform,
                         std::chrono::milliseconds retry_after,
                         std::chrono::milliseconds time_left) const {
  if (attempts >= settings_.max_count)
    return std::nullopt;
  auto delay = ceiling_ms(attempts);
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
  const std::chrono::milliseconds wait{std::llround(delay)};
  const auto result = std::max(wait, retry_after);
  if (result >= time_left)
    return std::nullopt;
  return result;
}

} // namespace mfo::core
