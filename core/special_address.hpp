#pragma once

#include "config/ip_network.hpp"

#include <optional>
#include <string_view>

namespace mfo::core {

/// What kind of address it is ("loopback", "private"), in words for people,
/// unless it is a host of the public internet.
///
/// Special is what the registries of IANA list as not globally reachable, and
/// a little more, so that a program that is told what to call by strangers
/// cannot be sent to something near it:
///
/// - IPv4, https://www.iana.org/assignments/iana-ipv4-special-registry: all of
///   it but the anycast services of AS112 and AMT; multicast (RFC 5771);
///   relays of 6to4, deprecated (RFC 7526); and 168.63.129.16, which is public
///   on paper, and in Azure the host's own control
///   (https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16).
/// - IPv6: whatever is outside 2000::/3, which is all that IANA has given to
///   hosts (https://www.iana.org/assignments/ipv6-address-space), and, within
///   it, https://www.iana.org/assignments/iana-ipv6-special-registry with all
///   of 2001::/23.
/// - Forms of IPv6 that carry an IPv4 address. Mapped (RFC 4291) and those of
///   NAT64 (64:ff9b::/96, RFC 6052) are what the address in them is. 6to4
///   (RFC 3056), Teredo (RFC 4380), IPv4-compatible addresses and NAT64 of a
///   network's own (64:ff9b:1::/48, RFC 8215) are special, whatever is in them.
[[nodiscard]] std::optional<std::string_view>
special_use(const config::ip_address& address) noexcept;

} // namespace mfo::core
