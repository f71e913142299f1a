#pragma once

#include "config/server_settings.hpp"
#include "core/errc.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace mfo::core {

/// What a reply of the MFO server means for the call.
enum class reply_class : std::uint8_t {
  accepted,     ///< 2xx
  transient,    ///< worth another try
  unauthorized, ///< 401: worth one more try with new credentials, else final
  gone,         ///< 410: final, and what was called is retired for good
  permanent,    ///< trying again cannot help
};

/// 2xx accepted; 408, 425, 429, 500, 502, 503 and 504 transient; 401
/// unauthorized; 410 gone; everything else, redirects included, permanent.
reply_class classify_reply(int status) noexcept;

/// Whether a reply counts against the server in its circuit breaker: only what
/// is transient. A refusal is the call's fault and shows that the server
/// works.
bool breaker_counts(int status) noexcept;

/// What the sender is told when `status`, not 2xx, was the last word.
errc error_of_reply(int status) noexcept;

/// The tries of a call that have failed so far.
struct failed_tries {
  unsigned count = 1; ///< at least 1
  /// Since the first of them began.
  std::chrono::milliseconds since_first{0};
  /// What the server asked for; zero: nothing.
  std::chrono::milliseconds retry_after{0};
  /// Until the call's own deadline.
  std::chrono::milliseconds time_left = std::chrono::milliseconds::max();
};

/// When a call is tried again: constant, linear or exponential back-off with
/// jitter ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
/// Pure: randomness and time are passed in.
class retry_policy {
public:
  explicit retry_policy(const config::retry_settings& settings);

  /// How long to wait before the next try; `uniform` is random in [0, 1). The
  /// wait is never above max_delay, unless the server asked for more, which
  /// counts up to retry_after_max. Nothing when it must not be tried again:
  /// the tries are used up, or the next one would begin later than
  /// max_duration after the first, or no sooner than the call's deadline.
  [[nodiscard]] std::optional<std::chrono::milliseconds>
  next_delay(const failed_tries& so_far, double uniform) const;

private:
  /// The back-off before jitter.
  [[nodiscard]] double ceiling_ms(unsigned count) const;

  config::retry_settings settings_;
};

} // namespace mfo::core
