#pragma once

#include "config/server_settings.hpp"
#include "core/circuit_breaker.hpp"
#include "core/concurrency_limit.hpp"
#include "core/recovery_pacer.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace mfo::core {

/// How a call ended, as far as its server is concerned.
enum class call_result : std::uint8_t {
  succeeded,  ///< 2xx
  refused,    ///< an answer that shows that the server works
  failed,     ///< the server is to blame
  overloaded, ///< the same, and it has too much to do: a time-out, 429, 503
  ignored,    ///< says nothing of the server: it was ended on our side
};

/// Whether a call to one server may begin now: the circuit breaker, the limit
/// of calls in flight, what the server asked for with Retry-After, and the pace
/// of a recovery, in one place. Not thread-safe: it has one owner. Pure: time
/// and randomness are passed in, and the time never goes back.
///
/// When the time is over that a server asked for, one call goes first, and the
/// others when it has been answered well: who says "later" twice is not sent a
/// burst each time. Such a time is an outage to the pace, as an open circuit
/// is: the recovery begins when the circuit is closed and that first call has
/// been answered well.
///
/// Some calls are probes: the server's state is not known, and they are to find
/// it out. They should be calls with time left for an answer.
///
/// The owner asks before each call, and says once how each call that began has
/// ended.
class call_gate {
public:
  using clock = std::chrono::steady_clock;

  enum class verdict : std::uint8_t {
    begin,  ///< it has begun
    full,   ///< as many as may be are in flight: ask when one has ended
    later,  ///< the server asked for time, or recovers: ask again at `when`
    refuse, ///< the circuit is open, until about `when`
  };

  struct answer {
    verdict what = verdict::full;
    circuit_breaker::ticket ticket{}; ///< of `begin`
    /// Of `begin`: the circuit is half-open, or this is the first since the
    /// server asked for time, or the last call said nothing of the server.
    bool probe = false;
    clock::time_point when{}; ///< of `later` and `refuse`
    std::optional<circuit_breaker::change> changed{};
  };

  explicit call_gate(const config::server_settings& settings);

  [[nodiscard]] answer ask(clock::time_point now);

  /// Whether a call that could begin would be told `full` for the number of
  /// those in flight: that is remembered, as if it had asked.
  [[nodiscard]] bool is_full(clock::time_point now);

  /// How a call that began at `began` has ended. `retry_after`: what the reply
  /// asked for, zero for nothing; with a failure it holds for every call.
  /// `uniform` is random in [0, 1).
  std::optional<circuit_breaker::change>
  ended(clock::time_point now, const circuit_breaker::ticket& ticket,
        clock::time_point began, call_result result,
        clock::duration retry_after, double uniform);

  /// Nobody waits for the gate: a recovery is over.
  void nobody_waits(clock::time_point now);

  /// How long the circuit will be open yet; zero: it may be asked.
  [[nodiscard]] clock::duration open_for(clock::time_point now) const noexcept {
    return breaker_.open_for(now);
  }

  [[nodiscard]] breaker_state circuit() const noexcept {
    return breaker_.state();
  }

  [[nodiscard]] std::size_t in_flight() const noexcept {
    return in_flight_;
  }

  /// Calls that may be in flight now.
  [[nodiscard]] std::size_t limit() const noexcept {
    return limit_.limit();
  }

private:
  void follow(clock::time_point now);

  circuit_breaker breaker_;
  concurrency_limit limit_;
  recovery_pacer pacer_;
  std::size_t in_flight_ = 0;
  clock::time_point held_until_ = clock::time_point::min();
  std::size_t since_hold_ = 0; ///< of those in flight, begun since then
  bool one_first_ = false;     ///< since then no call has succeeded
  bool unsure_ = false;        ///< the last result was `ignored`
  bool outage_ = false;        ///< what the pacer was told last
};

} // namespace mfo::core
