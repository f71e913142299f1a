#pragma once

#include "config/server_settings.hpp"
#include "core/bucket_ring.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace mfo::core {

enum class breaker_state : std::uint8_t {
  closed,    ///< calls go through
  half_open, ///< a few calls go through, to see whether the server is back
  open,      ///< no call goes through
};

std::string_view to_string(breaker_state state) noexcept;

/// Keeps calls from a server that fails (M. Nygard, "Release It!", "Circuit
/// Breaker"). Not thread-safe: it has one owner. Pure: time and randomness are
/// passed in, and the time never goes back.
///
/// Closed, it opens with a failure that is the last of `consecutive_failures`
/// in a row, or that makes the failures at least `failure_ratio` of the calls
/// answered in the window, when those are at least `min_calls`. The window
/// slides by tenths: it is the current tenth and the nine before it. Open, it
/// lets the first call through that comes after `open_for` and up to a fifth
/// more, and is half-open then. Half-open, `success_threshold` successes close
/// it and one failure opens it again.
///
/// The owner asks `admit` before each call, and says with the call's ticket
/// how it ended, once. A ticket from before the latest change of state counts
/// for nothing.
class circuit_breaker {
public:
  using clock = std::chrono::steady_clock;

  /// Of one call that was let through.
  class ticket {
  private:
    friend class circuit_breaker;
    std::uint64_t period_ = 0; ///< 0: none of any breaker
    std::uint64_t probe_ = 0;  ///< 0: not a probe
  };

  struct change {
    breaker_state from;
    breaker_state to;

    friend bool operator==(const change&, const change&) = default;
  };

  struct admission {
    std::optional<ticket> permit; ///< nothing: refused
    /// Of a refusal: when to ask again. The time left while open; a guess, of
    /// at most a second, while half-open with every probe under way.
    clock::duration retry_after{0};
    std::optional<change> changed; ///< for the log and the gauge
  };

  /// A probe without a result for `probe_timeout` loses its place to the next
  /// call: nothing can keep the circuit half-open for ever. It should be
  /// longer than a call can last.
  circuit_breaker(const config::breaker_settings& settings,
                  clock::duration probe_timeout);

  /// Whether a call may be made now. Does not allocate. A breaker that is not
  /// enabled always says yes.
  [[nodiscard]] admission admit(clock::time_point now);

  /// The server did its part, also by refusing what was asked of it.
  std::optional<change> succeeded(clock::time_point now, ticket call);

  /// The server is to blame (see breaker_counts), or did not answer. `uniform`
  /// is random in [0, 1).
  std::optional<change> failed(clock::time_point now, ticket call,
                               double uniform);

  /// The call says nothing about the server, e.g. it was cancelled.
  void ignored(ticket call);

  /// How long it will be open yet; zero: `admit` may say yes.
  [[nodiscard]] clock::duration open_for(clock::time_point now) const noexcept {
    return state_ == breaker_state::open && now < open_until_
               ? open_until_ - now
               : clock::duration{0};
  }

  [[nodiscard]] breaker_state state() const noexcept {
    return state_;
  }

private:
  struct probe {
    std::uint64_t number = 0; ///< 0: the place is free
    clock::time_point lost_at;
  };

  /// Whether the result of `call` counts; frees its place.
  bool take(const ticket& call);
  change enter(breaker_state to);
  [[nodiscard]] bool too_many_failures(clock::time_point now) const;

  config::breaker_settings settings_;
  clock::duration probe_timeout_;
  breaker_state state_ = breaker_state::closed;
  std::uint64_t period_ = 1; ///< grows with each change of state
  // While closed:
  unsigned failures_in_row_ = 0;
  bucket_ring<10> calls_;
  bucket_ring<10> failures_;
  // While open:
  clock::time_point open_until_;
  // While half-open:
  std::vector<probe> probes_; ///< half_open_probes places
  std::uint64_t last_probe_ = 0;
  unsigned successes_ = 0;
};

} // namespace mfo::core
