#include "core/silence.hpp"

#include <algorithm>
#include <cmath>

namespace mfo::core {

void silence::heard(time now) {
  if (last_) {
    longest_ = std::max(longest(now), now - *last_);
    ++gaps_;
  }
  last_ = now;
}

/// What is left of the longest gap by now.
silence::duration silence::longest(time now) const {
  using days = std::chrono::duration<double, decltype(half_life)::period>;
  const auto halves = days{now - *last_} / days{half_life};
  return std::chrono::duration_cast<duration>(longest_ * std::exp2(-halves));
}

std::optional<silence::duration> silence::patience(time now) const {
  if (gaps_ < enough_gaps)
    return std::nullopt;
  return std::max<duration>(factor * longest(now), least);
}

} // namespace mfo::core
