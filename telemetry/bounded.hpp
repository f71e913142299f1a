#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace mfo::telemetry {

/// The first bytes of a text, and no part of a character (UTF-8) at their end.
[[nodiscard]] inline std::string cut(std::string_view text,
                                     std::size_t longest) {
  auto size = std::min(text.size(), longest);
  const auto goes_on = [&] {
    return size > 0 && size < text.size() &&
           (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80;
  };
  while (goes_on())
    --size;
  return std::string{text.substr(0, size)};
}

/// From one moment to another; never negative.
[[nodiscard]] inline std::chrono::microseconds
between(std::chrono::steady_clock::time_point from,
        std::chrono::steady_clock::time_point to) noexcept {
  return std::max(
      std::chrono::duration_cast<std::chrono::microseconds>(to - from),
      std::chrono::microseconds{0});
}

} // namespace mfo::telemetry
