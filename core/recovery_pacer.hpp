#pragma once

#include "core/bucket_ring.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace mfo::core {

/// Paces calls to a server that comes back, so that what has piled up meanwhile
/// does not push it over again: backlog, live traffic and retries together
/// start at 1.25 times the steady rate, which is that of before the outage.
/// The rest of the time it only counts. Not thread-safe: it has one owner.
/// Pure: the time is passed in and never goes back.
///
/// The steady rate is the mean over the 10 s, in whole seconds, before the
/// youngest call that succeeded began: an outage takes a while to be noticed,
/// and what starts meanwhile, little or much, is no measure. It is unknown
/// when fewer than 3 such seconds were seen, or the last of them is long past;
/// seconds that are missing since the last recovery count as the rate before.
///
/// The pace is at least 10/s, and starts there when the steady rate is
/// unknown, growing by half every second. So it grows, too, where in most of
/// those seconds calls waited for others to end: that rate was the server's,
/// which may have been slow, and says little of how much traffic there is.
/// Else a backlog that grew at the steady rate is gone after four times the
/// outage; after five times (at least 10 s, at most 30 min) traffic must have
/// grown, and so does the pace, by a tenth every second.
class recovery_pacer {
public:
  using clock = std::chrono::steady_clock;

  /// A call begins: a first try, a retry, or a probe.
  void on_start(clock::time_point now);

  /// A call cannot begin, as too many are in flight.
  void on_full(clock::time_point now);

  /// A call that began at `began` succeeded.
  void on_success(clock::time_point began);

  /// When the next call may begin; `now`, unless the server is recovering. The
  /// starts are even; who comes late may make up for the last 10 ms, so that
  /// coarse timers do not slow it down.
  [[nodiscard]] clock::time_point next_start(clock::time_point now) const;

  /// The circuit opened. The outage counts from the youngest call that
  /// succeeded; one during a recovery adds to those before.
  void outage_began(clock::time_point now);

  /// The circuit is closed again, and there is a backlog.
  void recovery_began(clock::time_point now);

  /// The backlog is gone.
  void recovered(clock::time_point now);

  [[nodiscard]] bool recovering() const noexcept {
    return phase_ == phase::recovering;
  }

  /// Calls per second, as measured when the last outage began.
  [[nodiscard]] std::optional<double> steady_rate() const noexcept {
    return steady_;
  }

  /// Calls per second that may start. Requires: `recovering()`.
  [[nodiscard]] double pace(clock::time_point now) const;

private:
  enum class phase : std::uint8_t { healthy, outage, recovering };

  void measure(clock::time_point now);
  [[nodiscard]] bool was_full(std::int64_t first, std::int64_t last) const;

  phase phase_ = phase::healthy;
  // While healthy:
  bucket_ring<64> starts_{std::chrono::seconds{1}};
  bucket_ring<64> full_{std::chrono::seconds{1}};
  std::optional<clock::time_point> measuring_since_;
  std::optional<clock::time_point> last_good_; ///< when the call began
  std::optional<double> steady_;
  bool limited_ = false; ///< `steady_` is what the server let through
  clock::time_point outage_at_;
  clock::duration outage_length_{0}; ///< of all since the backlog was gone
  clock::time_point recovery_at_;
  clock::time_point next_;
};

} // namespace mfo::core
