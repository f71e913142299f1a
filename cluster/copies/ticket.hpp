#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mfo::cluster {

/// A ticket as the rules know it: a text of 8 bytes, the highest first, so that
/// the order of the texts is that of the numbers. None of them is on the heap.
[[nodiscard]] inline std::string key_of(std::uint64_t ticket) {
  std::string key(8, '\0');
  for (auto at = key.rbegin(); at != key.rend(); ++at, ticket >>= 8U)
    *at = static_cast<char>(ticket & 0xffU);
  return key;
}

/// 0 for the empty text, which is where the rules begin and end.
[[nodiscard]] inline std::uint64_t ticket_of(std::string_view key) noexcept {
  std::uint64_t ticket = 0;
  for (const char byte : key)
    ticket = (ticket << 8U) | static_cast<unsigned char>(byte);
  return ticket;
}

/// The other way round, for the ends of a page: 0 is the empty text.
[[nodiscard]] inline std::string key_or_end(std::uint64_t ticket) {
  return ticket == 0 ? std::string{} : key_of(ticket);
}

} // namespace mfo::cluster
