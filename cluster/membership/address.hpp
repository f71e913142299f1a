#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace mfo::cluster {

/// Where a node can be dialled.
struct address {
  std::string host; ///< a name or a numeric address, without brackets
  std::uint16_t port = 0;

  friend auto operator<=>(const address&, const address&) = default;
};

/// `node-a:7420`, `[::1]:7420`.
[[nodiscard]] std::string to_string(const address& where);

/// Whether it can be dialled: a host of 1 to 253 visible ASCII characters
/// (RFC 1035 bounds a name so), and a port.
[[nodiscard]] bool is_dialable(const address& where) noexcept;

} // namespace mfo::cluster
