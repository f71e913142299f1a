#pragma once

#include <cstdint>
#include <string_view>

namespace mfo::cluster {

/// The number that both sides know a link by: positive and, of two processes,
/// never given twice. It holds the dialler's count of its dials, which of the
/// two dialled, and some of what tells its process from those before it.
[[nodiscard]] constexpr std::uint64_t link_number(std::string_view dialler,
                                                  std::uint64_t process,
                                                  std::string_view acceptor,
                                                  std::uint64_t dial) noexcept {
  constexpr unsigned process_bits = 16;
  const std::uint64_t some = process & ((std::uint64_t{1} << process_bits) - 1);
  const std::uint64_t side = dialler < acceptor ? 1 : 0;
  return (((dial << process_bits) | some) << 1) | side;
}

} // namespace mfo::cluster
