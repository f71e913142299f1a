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
  if (error != std::errc{} || last != end)
    return std::chrono::milliseconds{0};
  return std::min<std::chrono::milliseconds>(std::chrono::seconds{seconds},
                                             cap);
}

} // namespace mfo::core
