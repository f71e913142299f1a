#pragma once

#include "config/settings.hpp"
#include "core/errc.hpp"

#include <chrono>
#include <optional>

namespace mfo::core {

/// What a reply of the MFO server means for the event.
enum class reply_class {
  accepted,  ///< 2xx
  transient, ///< worth another try
  permanent, ///< trying again cannot help
};

/// 2xx accepted; 408, 425, 429, 500, 502, 503 and 504 transient; everything
/// else, redirects included, permanent.
reply_class classify_reply(int status) noexcept;

/// What the sender is told when `status` was the last word.
errc error_of_reply(int status) noexcept;

/// Exponential back-off with jitter ("Exponential Backoff And Jitter", AWS
/// Architecture Blog, 2015). Pure: randomness and time are passed in.
class retry_policy {
public:
  explicit retry_policy(const config::retry_settings& settings);

  /// How long to wait before the next try, after `attempts` tries (>= 1) have
  /// failed; nothing when it must not be tried: the tries are used up, or the
  /// wait would outlast `time_left`. `uniform` is random in [0, 1).
  /// `retry_after` is what the server asked for (zero: nothing) and raises the
  /// wait.
  [[nodiscard]] std::optional<std::chrono::milliseconds>
  next_delay(unsigned attempts, double uniform,
             std::chrono::milliseconds retry_after,
             std::chrono::milliseconds time_left) const;

private:
  /// The back-off before jitter.
  [[nodiscard]] double ceiling_ms(unsigned attempts) const;

  config::retry_settings settings_;
};

} // namespace mfo::core
