#pragma once

#include <array>
#include <cstddef>
#include <string>

namespace mfo::core {

/// Appends `value` in decimal, with zeroes in front where it has fewer than
/// `digits`, 10 at most.
inline void append_decimal(std::string& out, unsigned value,
                           std::size_t digits) {
  std::array<char, 10> text{}; // those of 2^32 - 1
  auto at = text.size();
  const auto end = text.size() - digits;
  while (at > end || value > 0) {
    text[--at] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  out.append(text.data() + at, text.size() - at);
}

} // namespace mfo::core
