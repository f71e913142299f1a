#include "config/ip_network.hpp"

#include <arpa/inet.h>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace mfo::config {

namespace {

constexpr unsigned all_bits = 128;
constexpr unsigned v4_offset = 96; ///< bits in front of a mapped IPv4 address

constexpr auto expected_address =
    "must be an IPv4 or IPv6 address, without brackets, port or zone";
constexpr auto expected_network =
    "must be a network, such as 10.0.0.0/8 or 2001:db8::/32, or an address";

/// A decimal number without sign or leading zeros.
std::optional<unsigned> parse_prefix_length(std::string_view text) {
  unsigned value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  const bool padded = text.size() > 1 && text.front() == '0';
  if (error != std::errc{} || stop != end || padded)
    return std::nullopt;
  return value;
}

} // namespace

ip_address ip_address::v4(std::uint32_t bits) noexcept {
  byte_array bytes{};
  bytes[10] = bytes[11] = 0xFF;
  for (std::size_t i = 0; i < 4; ++i)
    bytes[12 + i] = static_cast<std::uint8_t>(bits >> (24 - 8 * i));
  return ip_address{bytes};
}

tl::expected<ip_address, std::string> ip_address::parse(std::string_view text) {
  // inet_pton takes the text up to its first NUL.
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  if (text.size() >= terminated.size() ||
      text.find('\0') != std::string_view::npos)
    return tl::make_unexpected(expected_address);
  std::copy(text.begin(), text.end(), terminated.begin());
  byte_array bytes{};
  bytes[10] = bytes[11] = 0xFF;
  if (::inet_pton(AF_INET, terminated.data(), &bytes[12]) == 1 ||
      ::inet_pton(AF_INET6, terminated.data(), bytes.data()) == 1)
    return ip_address{bytes};
  return tl::make_unexpected(expected_address);
}

bool ip_address::is_v4() const noexcept {
  constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0,    0,
                                                0, 0, 0, 0, 0xFF, 0xFF};
  return std::equal(mapped.begin(), mapped.end(), bytes_.begin());
}

ip_address ip_address::prefix(unsigned bits) const noexcept {
  auto bytes = bytes_;
  for (std::size_t i = bits / 8; i < bytes.size(); ++i) {
    const auto kept = i == bits / 8 ? bits % 8 : 0;
    bytes[i] &= static_cast<std::uint8_t>(0xFF00U >> kept);
  }
  return ip_address{bytes};
}

std::string ip_address::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_v4())
    ::inet_ntop(AF_INET, &bytes_[12], text.data(), text.size());
  else
    ::inet_ntop(AF_INET6, bytes_.data(), text.data(), text.size());
  return text.data();
}

tl::expected<ip_network, std::string> ip_network::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = ip_address::parse(text.substr(0, slash));
  if (!address)
    return tl::make_unexpected(expected_network);
  if (slash == std::string_view::npos)
    return ip_network{*address, all_bits};
  // An IPv4 address that is written as IPv6 has the prefix of IPv6.
  const bool short_form = text.find(':') == std::string_view::npos;
  const auto offset = short_form ? v4_offset : 0;
  const auto length = parse_prefix_length(text.substr(slash + 1));
  if (!length || *length > all_bits - offset)
    return tl::make_unexpected(
        fmt::format("must have a prefix of 0 to {}", all_bits - offset));
  const ip_network found{address->prefix(offset + *length), offset + *length};
  if (found.first_ != *address)
    return tl::make_unexpected(fmt::format(
        "has bits beyond its prefix; the network is {}", found.to_string()));
  return found;
}

bool ip_network::is_v4() const noexcept {
  return first_.is_v4() && prefix_bits_ >= v4_offset;
}

bool ip_network::contains(const ip_address& address) const noexcept {
  return is_v4() == address.is_v4() && address.prefix(prefix_bits_) == first_;
}

std::string ip_network::to_string() const {
  return fmt::format("{}/{}", first_.to_string(),
                     is_v4() ? prefix_bits_ - v4_offset : prefix_bits_);
}

network_set::network_set(const std::vector<ip_network>& networks) {
  auto sorted = networks;
  std::ranges::sort(sorted, [](const auto& one, const auto& other) {
    return one.first() != other.first()
               ? one.first() < other.first()
               : one.prefix_bits() < other.prefix_bits();
  });
  for (const auto& each : sorted) {
    auto& mine = each.is_v4() ? v4_ : v6_;
    // Networks are apart, or one is within the other, and then comes later.
    if (mine.empty() ||
        each.first().prefix(mine.back().prefix_bits()) != mine.back().first())
      mine.push_back(each);
  }
}

bool network_set::contains(const ip_address& address) const noexcept {
  const auto& mine = address.is_v4() ? v4_ : v6_;
  const auto next =
      std::ranges::upper_bound(mine, address, {}, &ip_network::first);
  return next != mine.begin() && std::prev(next)->contains(address);
}

} // namespace mfo::config
