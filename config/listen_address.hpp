#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace mfo::config {

/// Where to listen, or where somebody listens: a numeric address or host name,
/// and a port (of the node's own 0: the kernel picks one, which the node logs).
struct listen_address {
  std::string host;
  std::uint16_t port = 0;

  friend bool operator==(const listen_address&,
                         const listen_address&) = default;
};

// The error of a parser is a sentence that says what is expected and quotes
// nothing.

/// `host:port`, `[::1]:port`, `:port` (all IPv4 addresses, 0.0.0.0). The host
/// of the result has no brackets.
[[nodiscard]] tl::expected<listen_address, std::string>
parse_listen_address(std::string_view text);

/// The same in writing: `[::1]:8088`.
[[nodiscard]] std::string format_listen_address(const listen_address& value);

/// Where another node can be dialled: `host:port`, `[::1]:port`, or either
/// without the port, which is 0 then. All addresses are none that anybody can
/// dial.
[[nodiscard]] tl::expected<listen_address, std::string>
parse_peer_address(std::string_view text);

/// The same in writing: `node-a:7420`, or `node-a` for port 0.
[[nodiscard]] std::string format_peer_address(const listen_address& value);

/// True if nobody but this host can reach it: 127.0.0.0/8, ::1, localhost.
[[nodiscard]] bool is_loopback(const listen_address& value);

/// True for all addresses of this host: 0.0.0.0, ::.
[[nodiscard]] bool is_any_address(const listen_address& value);

/// True if one socket would take the other's port: the same port, not 0, at the
/// same host, or one of them at all addresses.
[[nodiscard]] bool overlap(const listen_address& one,
                           const listen_address& other);

} // namespace mfo::config
