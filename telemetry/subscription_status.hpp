#pragma once

#include "config/notification_settings.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace mfo::telemetry {

/// How a subscription stands: written by its server's connector, read by
/// whoever asks, and kept when the connector is started again. Thread-safe.
class subscription_status {
public:
  using clock = std::chrono::steady_clock;

  explicit subscription_status(config::notification_settings of)
    : what(std::move(of)) {}

  const config::notification_settings what;

  struct view {
    bool active = false; ///< the server has it, as far as we know
    std::optional<clock::time_point> since{}; ///< while it is active
    std::string last_error{}; ///< empty: none since the last success
  };

  /// The server has it; by `until` this is to be said again, or it is not
  /// believed any more. True if that is news.
  bool subscribed(clock::time_point now, clock::time_point until) {
    const std::lock_guard lock{mutex_};
    const bool news = !active(now);
    if (news)
      since_ = now;
    until_ = until;
    last_error_.clear();
    return news;
  }

  /// The server does not have it, or cannot be asked. True if that is news: the
  /// first failure of all, or since the last success.
  bool failed(std::string error) {
    const std::lock_guard lock{mutex_};
    const bool news = last_error_.empty();
    since_.reset();
    last_error_ = std::move(error);
    return news;
  }

  [[nodiscard]] view look(clock::time_point now) const {
    const std::lock_guard lock{mutex_};
    if (active(now))
      return {true, since_, {}};
    const bool expired = since_.has_value();
    return {false, std::nullopt,
            expired ? std::string{"it was not renewed in time"} : last_error_};
  }

private:
  [[nodiscard]] bool active(clock::time_point now) const {
    return since_ && now < until_;
  }

  mutable std::mutex mutex_;
  std::optional<clock::time_point> since_;
  clock::time_point until_{};
  std::string last_error_;
};

using subscription_status_ptr = std::shared_ptr<subscription_status>;

} // namespace mfo::telemetry
