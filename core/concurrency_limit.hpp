#pragma once

#include "config/server_settings.hpp"

#include <chrono>
#include <cstddef>

namespace mfo::core {

/// How many calls may be on the wire to a server at once. Fixed: always `max`.
/// Adaptive: additive increase, multiplicative decrease (Chiu and Jain 1989),
/// as TCP and AIMDLimit of github.com/Netflix/concurrency-limits do, on loss
/// and on latency. Not thread-safe: it has one owner. Pure: the time is passed
/// in and never goes back.
///
/// It goes by rounds of as many answers as the limit, at least 20, so that a
/// mean means something. A good round raises the limit by 1, if calls used it
/// up (nine tenths of it, at some time). A round whose mean latency is above
/// `tolerance` times the best lowers it to nine tenths, and so does every time-
/// out or overload, but not twice for calls that began before the limit was
/// lowered.
///
/// The best latency is not a minimum, which one cheap call would spoil for
/// good, nor a long-term mean as in Netflix's Gradient2Limit, which comes to
/// take a standing queue for normal. It is measured, as BBR measures its
/// round-trip time (ProbeRTT): first of all, then every 10 s, or every 200
/// times the best latency where that is longer, three rounds run under a limit
/// so much lower that calls find no queue of ours; the mean of the third
/// counts, which is of at least 50 answers. If it is higher than the best, the
/// best goes half the way, so that a server that has become slower is accepted
/// after a while.
class concurrency_limit {
public:
  using clock = std::chrono::steady_clock;

  /// An adaptive limit starts at min_in_flight and stays between that and
  /// `max`, which is at least 1.
  concurrency_limit(const config::concurrency_settings& settings,
                    std::size_t max);

  /// Calls that may be in flight now.
  [[nodiscard]] std::size_t limit() const noexcept;

  /// A call ended at `now` after `latency`, while `in_flight` were on the
  /// wire, itself included. `dropped`: a time-out, or a status that says
  /// overload (429, 503). A call that was cancelled is not told.
  void on_result(clock::time_point now, clock::duration latency,
                 std::size_t in_flight, bool dropped);

private:
  void lower(clock::time_point now);
  void end_round(clock::time_point now);
  void start_round() noexcept;

  bool adaptive_;
  double tolerance_;
  std::size_t min_;
  std::size_t max_;
  std::size_t limit_;
  /// Zero: not measured yet.
  clock::duration best_{0};
  bool measuring_ = true;
  int settling_; ///< rounds left before the one that measures
  clock::time_point measure_at_;
  clock::time_point lowered_at_ = clock::time_point::min();
  /// Calls from before say nothing of the limit as it is.
  clock::time_point counts_from_ = clock::time_point::min();
  // The round:
  std::size_t answers_ = 0;
  std::size_t most_in_flight_ = 0;
  clock::duration total_{0};
};

} // namespace mfo::core
