#include "core/renewal.hpp"

#include <algorithm>
#include <cmath>

namespace mfo::core {

renewal::renewal(milliseconds period) noexcept
  : period_(std::max(period, least)) {}

renewal::milliseconds renewal::succeeded() noexcept {
  ceiling_ = least;
  return period_;
}

renewal::milliseconds renewal::failed(double uniform,
                                      milliseconds asked) noexcept {
  ceiling_ = std::min(2 * ceiling_, most);
  const auto spread = static_cast<double>((ceiling_ - least).count());
  const auto wait = least + milliseconds{std::llround(spread * uniform)};
  return std::max(wait, asked);
}

} // namespace mfo::core
