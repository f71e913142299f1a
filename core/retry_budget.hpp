#pragma once

#include "config/server_settings.hpp"
#include "core/bucket_ring.hpp"

#include <chrono>
#include <optional>

namespace mfo::core {

/// Bounds what retries add to the load of a server, as Finagle's RetryBudget
/// does (finagle.github.io/blog/2016/02/08/retry-budgets): a balance to which
/// each request adds `ratio` and each second `min_per_second`, and from which
/// each retry takes 1. Not thread-safe: it has one owner. Pure: the time is
/// passed in and never goes back.
///
/// The balance starts as the reserve, 10 s of `min_per_second`, and never
/// exceeds the reserve and what the requests of the last second brought (but
/// may always reach 1). So an outage of any length saves up no more than one
/// second's share: over any time, retries are at most `ratio` of the requests,
/// `min_per_second`, and that bound once. Finagle lets ten seconds' share be
/// saved, which would be a burst of twice the rate, at the worst moment.
class retry_budget {
public:
  using clock = std::chrono::steady_clock;

  retry_budget(const config::retry_budget_settings& settings,
               clock::time_point now);

  /// A call is made for the first time.
  void on_request(clock::time_point now);

  /// Whether a call may be made again; if so, the retry is paid for.
  [[nodiscard]] bool try_withdraw(clock::time_point now);

  /// How long until `try_withdraw` says yes, if nobody else withdraws and no
  /// request comes, at most an hour; nothing when only requests can bring that
  /// about.
  [[nodiscard]] std::optional<clock::duration>
  time_until_next(clock::time_point now);

private:
  /// Brings the balance to `now`.
  void refill(clock::time_point now);

  config::retry_budget_settings settings_;
  double reserve_;
  double balance_;
  clock::time_point refilled_at_;
  bucket_ring<10> requests_; ///< of the last second
};

} // namespace mfo::core
