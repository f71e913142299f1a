#pragma once

#include <tl/expected.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Addresses of IP hosts and networks, as values: no look-ups, no sockets. The
/// error of each parser is a sentence that says what is expected.
namespace mfo::config {

/// The address of a host. An IPv4 address is held as the IPv6 address that it
/// is mapped to (RFC 4291, section 2.5.5.2), so that a sender is the same
/// whichever kind of socket it came in by.
class ip_address {
public:
  using byte_array = std::array<std::uint8_t, 16>;

  /// The address `::`.
  constexpr ip_address() = default;

  /// In network byte order.
  explicit constexpr ip_address(const byte_array& bytes) noexcept
    : bytes_(bytes) {}

  /// An IPv4 address, the first part in the highest byte.
  [[nodiscard]] static ip_address v4(std::uint32_t bits) noexcept;

  /// `192.0.2.1` in four decimal parts, or IPv6 as RFC 4291, section 2.2, has
  /// it; no brackets, port or zone.
  [[nodiscard]] static tl::expected<ip_address, std::string>
  parse(std::string_view text);

  [[nodiscard]] bool is_v4() const noexcept;

  [[nodiscard]] const byte_array& bytes() const noexcept {
    return bytes_;
  }

  /// The address with all bits after the first `bits`, 0 to 128, cleared.
  [[nodiscard]] ip_address prefix(unsigned bits) const noexcept;

  /// The shortest form (RFC 5952); an IPv4 address in four decimal parts.
  [[nodiscard]] std::string to_string() const;

  friend constexpr auto operator<=>(const ip_address&,
                                    const ip_address&) = default;

private:
  byte_array bytes_{};
};

/// A network in CIDR notation (RFC 4632, RFC 4291, section 2.3).
class ip_network {
public:
  /// `10.0.0.0/8`, `2001:db8::/32`, or an address, which is a network of one.
  /// Refuses an address with bits beyond the prefix, and says which network
  /// that is in.
  [[nodiscard]] static tl::expected<ip_network, std::string>
  parse(std::string_view text);

  [[nodiscard]] bool contains(const ip_address& address) const noexcept;

  /// With its prefix: `10.0.0.1/32`.
  [[nodiscard]] std::string to_string() const;

  [[nodiscard]] const ip_address& first() const noexcept {
    return first_;
  }

  /// Whether it is a network of IPv4 addresses. One of IPv6 holds none of
  /// them: who writes ::/0 means IPv6.
  [[nodiscard]] bool is_v4() const noexcept;

  /// Of the 128 bits of an address, how many are the same in all.
  [[nodiscard]] unsigned prefix_bits() const noexcept {
    return prefix_bits_;
  }

  friend bool operator==(const ip_network&, const ip_network&) = default;

private:
  ip_network(const ip_address& first, unsigned prefix_bits) noexcept
    : first_(first), prefix_bits_(static_cast<std::uint8_t>(prefix_bits)) {}

  ip_address first_;
  std::uint8_t prefix_bits_ = 128;
};

/// Some networks, to be asked quickly: in logarithmic time. Immutable.
class network_set {
public:
  network_set() = default;
  explicit network_set(const std::vector<ip_network>& networks);

  [[nodiscard]] bool contains(const ip_address& address) const noexcept;

  [[nodiscard]] bool empty() const noexcept {
    return v4_.empty() && v6_.empty();
  }

private:
  // By their first address; none is within another.
  std::vector<ip_network> v4_;
  std::vector<ip_network> v6_;
};

} // namespace mfo::config
