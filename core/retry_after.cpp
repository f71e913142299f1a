#include "core/retry_after.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace mfo::core {

std::chrono::milliseconds parse_retry_after(std::string_view value,
                                            std::chrono::milliseconds cap) {
  std::uint32_t seconds = 0;
  const auto* end = value.data() + value.size();
  const auto [last, error] = std::from_chars(value.data(), end, seconds);
  if (last != end || error == std::errc::invalid_argument)
    return std::chrono::milliseconds{0};
  if (error == std::errc::result_out_of_range)
    return cap;
  return std::min<std::chrono::milliseconds>(std::chrono::seconds{seconds},
                                             cap);
}

} // namespace mfo::core
