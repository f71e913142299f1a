#include "core/special_address.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace mfo::core {

namespace {

using config::ip_address;

struct v4_block {
  std::uint32_t first;
  unsigned bits;
  std::string_view use;
};

/// 203.0.113.0 is v4(203, 0, 113, 0).
constexpr std::uint32_t v4(unsigned a, unsigned b, unsigned c, unsigned d) {
  return a << 24 | b << 16 | c << 8 | d;
}

constexpr std::array v4_blocks{
    v4_block{v4(0, 0, 0, 0), 8, "unspecified"},
    v4_block{v4(10, 0, 0, 0), 8, "private"},
    v4_block{v4(100, 64, 0, 0), 10, "shared by a carrier (CGNAT)"},
    v4_block{v4(127, 0, 0, 0), 8, "loopback"},
    v4_block{v4(168, 63, 129, 16), 32, "the host's control in Azure"},
    v4_block{v4(169, 254, 0, 0), 16, "link-local"},
    v4_block{v4(172, 16, 0, 0), 12, "private"},
    v4_block{v4(192, 0, 0, 0), 24, "for protocols"},
    v4_block{v4(192, 0, 2, 0), 24, "for documentation"},
    v4_block{v4(192, 88, 99, 0), 24, "a relay of 6to4"},
    v4_block{v4(192, 168, 0, 0), 16, "private"},
    v4_block{v4(198, 18, 0, 0), 15, "for benchmarks"},
    v4_block{v4(198, 51, 100, 0), 24, "for documentation"},
    v4_block{v4(203, 0, 113, 0), 24, "for documentation"},
    v4_block{v4(224, 0, 0, 0), 4, "multicast"},
    v4_block{v4(240, 0, 0, 0), 4, "reserved or broadcast"},
};

struct v6_block {
  std::array<std::uint16_t, 8> first;
  unsigned bits;
  std::string_view use;
};

/// The first that holds an address counts.
constexpr std::array v6_blocks{
    v6_block{{}, 128, "unspecified"},
    v6_block{{0, 0, 0, 0, 0, 0, 0, 1}, 128, "loopback"},
    v6_block{{}, 96, "IPv4-compatible"},
    v6_block{{0x64, 0xff9b, 1}, 48, "NAT64 of a network's own"},
    v6_block{{0x100}, 64, "for discarding"},
    v6_block{{0xfc00}, 7, "unique local"},
    v6_block{{0xfe80}, 10, "link-local"},
    v6_block{{0xfec0}, 10, "site-local"},
    v6_block{{0xff00}, 8, "multicast"},
    v6_block{{0x2001, 0}, 32, "Teredo"},
    v6_block{{0x2001}, 23, "for protocols"},
    v6_block{{0x2001, 0xdb8}, 32, "for documentation"},
    v6_block{{0x2002}, 16, "6to4"},
    v6_block{{0x3fff}, 20, "for documentation"},
};

constexpr v6_block nat64{{0x64, 0xff9b}, 96, ""};
constexpr v6_block global{{0x2000}, 3, ""};

bool is_in(const v6_block& block, const ip_address& address) noexcept {
  ip_address::byte_array first{};
  for (std::size_t i = 0; i < block.first.size(); ++i) {
    first[2 * i] = static_cast<std::uint8_t>(block.first[i] >> 8);
    first[2 * i + 1] = static_cast<std::uint8_t>(block.first[i]);
  }
  return address.prefix(block.bits) == ip_address{first};
}

std::optional<std::string_view> use_of_v4(std::uint32_t address) noexcept {
  const auto found = std::ranges::find_if(v4_blocks, [=](const auto& block) {
    return ((address ^ block.first) >> (32 - block.bits)) == 0;
  });
  if (found == v4_blocks.end())
    return std::nullopt;
  return found->use;
}

std::uint32_t last_32_bits(const ip_address& address) noexcept {
  std::uint32_t result = 0;
  for (const auto byte : std::span{address.bytes()}.last<4>())
    result = result << 8 | byte;
  return result;
}

} // namespace

std::optional<std::string_view>
special_use(const ip_address& address) noexcept {
  if (address.is_v4() || is_in(nat64, address))
    return use_of_v4(last_32_bits(address));
  const auto found = std::ranges::find_if(
      v6_blocks, [&](const auto& block) { return is_in(block, address); });
  if (found != v6_blocks.end())
    return found->use;
  if (!is_in(global, address))
    return "reserved";
  return std::nullopt;
}

} // namespace mfo::core
