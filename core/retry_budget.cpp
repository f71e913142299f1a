#include "core/retry_budget.hpp"

#include <algorithm>
#include <cmath>

namespace mfo::core {

namespace {

using std::chrono::duration;

constexpr double reserve_seconds = 10;

/// What a retry costs, less what sums of fractions may lack: ten tenths add up
/// to a little less than one.
constexpr double cost = 1.0 - 1e-9;

} // namespace

retry_budget::retry_budget(const config::retry_budget_settings& settings,
                           clock::time_point now)
  : settings_(settings), reserve_(reserve_seconds * settings.min_per_second),
    balance_(reserve_), refilled_at_(now),
    requests_(std::chrono::milliseconds{100}) {}

void retry_budget::refill(clock::time_point now) {
  const auto passed = duration<double>{now - refilled_at_}.count();
  refilled_at_ = now;
  const auto share =
      settings_.ratio * static_cast<double>(requests_.recent(now));
  const auto most = std::max(reserve_ + share, 1.0);
  balance_ = std::min(balance_ + settings_.min_per_second * passed, most);
}

void retry_budget::on_request(clock::time_point now) {
  requests_.add(now);
  balance_ += settings_.ratio;
  refill(now);
}

bool retry_budget::try_withdraw(clock::time_point now) {
  refill(now);
  if (balance_ < cost)
    return false;
  balance_ = std::max(balance_ - 1.0, 0.0);
  return true;
}

std::optional<retry_budget::clock::duration>
retry_budget::time_until_next(clock::time_point now) {
  refill(now);
  if (balance_ >= cost)
    return clock::duration{0};
  if (settings_.min_per_second <= 0)
    return std::nullopt;
  const duration<double> wait{(1.0 - balance_) / settings_.min_per_second};
  constexpr std::chrono::hours longest{1};
  return std::chrono::ceil<clock::duration>(
      std::min<duration<double>>(wait, longest));
}

} // namespace mfo::core
