#include "core/concurrency_limit.hpp"

#include <algorithm>

namespace mfo::core {

namespace {

using clock = concurrency_limit::clock;

constexpr std::size_t least_answers = 20;
/// More, since a measure holds for long: the mean of 50 answers that vary as
/// much as they are long is right within a seventh, mostly.
constexpr std::size_t measured_answers = 50;
constexpr std::chrono::seconds least_pause{10};
constexpr int pause_in_latencies = 200;

/// With a standing queue the limit is about `tolerance` times what the server
/// works on at once; with half of that there is no queue.
constexpr double measuring_share = 0.5;

/// Rounds before the one that measures: the queue drains in the first, and of
/// the calls that began then the quick ones are answered first.
constexpr int settling_rounds = 2;

} // namespace

concurrency_limit::concurrency_limit(
    const config::concurrency_settings& settings, std::size_t max)
  : adaptive_(settings.mode == config::concurrency_mode::adaptive),
    tolerance_(std::max(settings.tolerance, 1.0)),
    min_(std::clamp<std::size_t>(settings.min_in_flight, 1, max)), max_(max),
    limit_(adaptive_ ? min_ : max_), settling_(settling_rounds) {}

std::size_t concurrency_limit::limit() const noexcept {
  if (!adaptive_ || !measuring_)
    return limit_;
  const auto share = measuring_share / tolerance_;
  return std::max(
      min_, static_cast<std::size_t>(static_cast<double>(limit_) * share));
}

void concurrency_limit::on_result(clock::time_point now,
                                  clock::duration latency,
                                  std::size_t in_flight, bool dropped) {
  if (!adaptive_)
    return;
  const auto began = now - latency;
  if (dropped) {
    if (began > lowered_at_)
      lower(now);
    return;
  }
  if (began <= counts_from_)
    return;
  ++answers_;
  total_ += latency;
  most_in_flight_ = std::max(most_in_flight_, in_flight);
  const auto measures = measuring_ && settling_ == 0;
  if (answers_ >=
      std::max(limit(), measures ? measured_answers : least_answers))
    end_round(now);
}

void concurrency_limit::lower(clock::time_point now) {
  limit_ = std::max(min_, limit_ * 9 / 10);
  lowered_at_ = now;
  counts_from_ = now;
  start_round();
}

void concurrency_limit::end_round(clock::time_point now) {
  const auto mean = total_ / static_cast<clock::rep>(answers_);
  const auto used_up = most_in_flight_ * 10 >= limit_ * 9;
  start_round();
  if (measuring_) {
    if (settling_ > 0) {
      --settling_;
      return;
    }
    const auto first = best_ == clock::duration{0};
    best_ = first || mean < best_ ? mean : (best_ + mean) / 2;
    measuring_ = false;
    counts_from_ = now;
    measure_at_ = now + std::max<clock::duration>(least_pause,
                                                  best_ * pause_in_latencies);
    return;
  }
  if (std::chrono::duration<double>{mean} >
      std::chrono::duration<double>{best_} * tolerance_)
    lower(now);
  else if (used_up)
    limit_ = std::min(limit_ + 1, max_);
  if (now >= measure_at_) {
    measuring_ = true;
    settling_ = settling_rounds;
    counts_from_ = now;
  }
}

void concurrency_limit::start_round() noexcept {
  answers_ = 0;
  most_in_flight_ = 0;
  total_ = clock::duration{0};
}

} // namespace mfo::core
