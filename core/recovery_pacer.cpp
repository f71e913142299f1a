#include "core/recovery_pacer.hpp"

#include <algorithm>
#include <cmath>

namespace mfo::core {

namespace {

using clock = recovery_pacer::clock;
using namespace std::chrono_literals;
using seconds_d = std::chrono::duration<double>;

constexpr double headroom = 1.25;      ///< times the steady rate
constexpr double least_pace = 10;      ///< calls per second
constexpr double most_pace = 1e6;      ///< no limit in practice
constexpr double unknown_growth = 1.5; ///< every second
constexpr double overdue_growth = 1.1; ///< every second
constexpr clock::duration catch_up = 10ms;

constexpr std::int64_t measured_seconds = 10;
constexpr std::int64_t least_seconds = 3;
/// The measured seconds must still be in the ring.
constexpr std::int64_t oldest_span = 64 - measured_seconds - 1;

clock::duration overdue_after(clock::duration outage) {
  return std::clamp<clock::duration>(outage * 5, 10s, 30min);
}

} // namespace

void recovery_pacer::on_start(clock::time_point now) {
  switch (phase_) {
  case phase::healthy:
    if (!measuring_since_)
      measuring_since_ = now;
    starts_.add(now);
    break;
  case phase::outage:
    break;
  case phase::recovering:
    next_ =
        std::max(next_, now - catch_up) +
        std::chrono::duration_cast<clock::duration>(seconds_d{1 / pace(now)});
    break;
  }
}

void recovery_pacer::on_success(clock::time_point began) {
  // An answer that comes late may belong to a call of the recovery.
  if (measuring_since_ && began >= *measuring_since_)
    last_good_ = std::max(last_good_.value_or(began), began);
}

clock::time_point recovery_pacer::next_start(clock::time_point now) const {
  return recovering() ? std::max(next_, now) : now;
}

void recovery_pacer::outage_began(clock::time_point now) {
  if (phase_ == phase::outage)
    return;
  outage_at_ = last_good_.value_or(now);
  if (phase_ == phase::healthy)
    steady_ = measure(now);
  else
    outage_at_ = std::max(outage_at_, recovery_at_);
  phase_ = phase::outage;
}

void recovery_pacer::recovery_began(clock::time_point now) {
  if (phase_ == phase::recovering)
    return;
  if (phase_ == phase::healthy)
    steady_ = measure(now);
  else
    outage_length_ += now - outage_at_;
  phase_ = phase::recovering;
  recovery_at_ = now;
  next_ = now;
}

void recovery_pacer::recovered(clock::time_point now) {
  if (phase_ == phase::healthy)
    return;
  phase_ = phase::healthy;
  outage_length_ = clock::duration{0};
  starts_.clear();
  measuring_since_ = now;
  last_good_.reset();
}

double recovery_pacer::pace(clock::time_point now) const {
  const auto passed = now - recovery_at_;
  if (!steady_)
    return std::min(least_pace *
                        std::pow(unknown_growth, seconds_d{passed}.count()),
                    most_pace);
  const seconds_d overdue = std::max<clock::duration>(
      passed - overdue_after(outage_length_), clock::duration{0});
  return std::min(std::max(headroom * *steady_, least_pace) *
                      std::pow(overdue_growth, overdue.count()),
                  most_pace);
}

std::optional<double> recovery_pacer::measure(clock::time_point now) const {
  if (!measuring_since_)
    return steady_;
  const auto earliest = starts_.span_of(*measuring_since_) + 1;
  const auto last = starts_.span_of(last_good_.value_or(*measuring_since_)) - 1;
  if (starts_.span_of(now) - last > oldest_span)
    return std::nullopt;
  const auto first = std::max(earliest, last - measured_seconds + 1);
  const auto seen = std::max<std::int64_t>(last - first + 1, 0);
  const auto starts = static_cast<double>(starts_.count(first, last));
  if (steady_)
    return (starts + *steady_ * static_cast<double>(measured_seconds - seen)) /
           static_cast<double>(measured_seconds);
  if (seen < least_seconds)
    return std::nullopt;
  return starts / static_cast<double>(seen);
}

} // namespace mfo::core
