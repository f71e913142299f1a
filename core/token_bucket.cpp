#include "core/token_bucket.hpp"

#include <algorithm>

namespace mfo::core {

token_rate::token_rate(double per_second, std::size_t burst) noexcept
  : interval(std::chrono::ceil<clock::duration>(
        std::chrono::duration<double>{1 / per_second})),
    slack(interval * static_cast<clock::rep>(burst - 1)) {}

token_bucket::clock::duration
token_bucket::wait(const token_rate& rate,
                   clock::time_point now) const noexcept {
  return std::max(full_at_ - rate.slack - now, clock::duration::zero());
}

void token_bucket::take(const token_rate& rate,
                        clock::time_point now) noexcept {
  full_at_ = std::max(full_at_, now) + rate.interval;
}

} // namespace mfo::core
