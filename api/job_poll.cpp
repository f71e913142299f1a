#include "api/job_poll.hpp"

#include <algorithm>

namespace mfo::api {

job_poll::job_poll(job_poll_settings settings, time deadline)
  : settings_(settings), deadline_(deadline),
    delay_ms_(static_cast<double>(settings.first_delay.count())) {}

std::optional<milliseconds> job_poll::next_delay(time now, double uniform,
                                                 milliseconds retry_after) {
  const auto left = std::chrono::ceil<milliseconds>(deadline_ - now);
  if (left.count() <= 0 || retry_after > left)
    return std::nullopt;
  const auto ceiling = static_cast<double>(settings_.max_delay.count());
  const auto delay = std::min(delay_ms_, ceiling);
  delay_ms_ = std::min(delay * settings_.multiplier, ceiling);
  const milliseconds jittered{static_cast<milliseconds::rep>(
      delay * (1.0 - settings_.jitter * uniform))};
  return std::min(std::max(jittered, retry_after), left);
}

} // namespace mfo::api
