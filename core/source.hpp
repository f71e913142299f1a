#pragma once

#include "config/ip_network.hpp"

#include <cstddef>
#include <cstdint>

namespace mfo::core {

/// Whom an address is counted as. IPv6 by its first 64 bits: that is what one
/// site is given (RFC 6177), and whoever has it can use every address in it.
[[nodiscard]] inline config::ip_address
source_of(const config::ip_address& address) noexcept {
  constexpr unsigned site_bits = 64;
  return address.is_v4() ? address : address.prefix(site_bits);
}

/// For tables of sources. The seed is to be random: who could guess it could
/// choose addresses that all fall together.
struct source_hash {
  std::uint64_t seed = 0;

  [[nodiscard]] std::size_t
  operator()(const config::ip_address& source) const noexcept;
};

} // namespace mfo::core
