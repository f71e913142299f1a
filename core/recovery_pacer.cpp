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

void recovery_pacer::on_full(clock::time_point now) {
  if (phase_ == phase::healthy)
    full_.add(now);
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
    measure(now);
  else
    outage_at_ = std::max(outage_at_, recovery_at_);
  phase_ = phase::outage;
}

void recovery_pacer::recovery_began(clock::time_point now) {
  if (phase_ == phase::recovering)
    return;
  if (phase_ == phase::healthy)
    measure(now);
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
  full_.clear();
  measuring_since_ = now;
  last_good_.reset();
}

double recovery_pacer::pace(clock::time_point now) const {
  const auto passed = now - recovery_at_;
  const auto start = std::max(headroom * steady_.value_or(0), least_pace);
  const bool grows = !steady_ || limited_;
  const seconds_d growing = std::max<clock::duration>(
      grows ? passed : passed - overdue_after(outage_length_),
      clock::duration{0});
  return std::min(start * std::pow(grows ? unknown_growth : overdue_growth,
                                   growing.count()),
                  most_pace);
}

/// Sets the steady rate.
void recovery_pacer::measure(clock::time_point now) {
  if (!measuring_since_)
    return;
  const auto earliest = starts_.span_of(*measuring_since_) + 1;
  const auto last = starts_.span_of(last_good_.value_or(*measuring_since_)) - 1;
  const auto first = std::max(earliest, last - measured_seconds + 1);
  const auto seen = std::max<std::int64_t>(last - first + 1, 0);
  const auto starts = static_cast<double>(starts_.count(first, last));
  if (starts_.span_of(now) - last > oldest_span)
    steady_.reset();
  else if (steady_)
    steady_ =
        (starts + *steady_ * static_cast<double>(measured_seconds - seen)) /
        static_cast<double>(measured_seconds);
  else if (seen >= least_seconds)
    steady_ = starts / static_cast<double>(seen);
  if (seen > 0)
    limited_ = was_full(first, last);
}

/// In most of these seconds.
bool recovery_pacer::was_full(std::int64_t first, std::int64_t last) const {
  std::int64_t seconds = 0;
  for (auto each = first; each <= last; ++each)
    seconds += full_.count(each, each) > 0 ? 1 : 0;
  return 2 * seconds > last - first + 1;
}

} // namespace mfo::core
