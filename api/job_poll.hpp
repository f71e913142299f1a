#pragma once

#include <chrono>
#include <optional>

namespace mfo::api {

using std::chrono::milliseconds;

struct job_poll_settings {
  milliseconds first_delay{500};
  double multiplier = 1.5;
  milliseconds max_delay{10'000};
  double jitter = 0.2; ///< a wait is up to this part of it shorter
};

/// When to ask for a job's status again: less and less often, until its
/// deadline. Pure: time and randomness are passed in. For one job.
class job_poll {
public:
  using time = std::chrono::steady_clock::time_point;

  job_poll(job_poll_settings settings, time deadline);

  /// How long to wait before the next question; nothing: give up. The last
  /// one is asked at the deadline. `uniform` is random in [0, 1).
  /// `retry_after` is what the server asked for (zero: nothing): it raises the
  /// wait, and ends the polling where it leads beyond the deadline.
  std::optional<milliseconds>
  next_delay(time now, double uniform,
             milliseconds retry_after = milliseconds{0});

private:
  job_poll_settings settings_;
  time deadline_;
  double delay_ms_; ///< before jitter
};

} // namespace mfo::api
