#pragma once

#include "config/ip_network.hpp"
#include "http/origin.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::outbound {

/// Where a call goes, from a URL that was read once: what is checked is what is
/// connected to, and no second reader can see another host in the same text.
struct call_url {
  http::origin server; ///< without a base path
  /// Of a host that is an address; then `server.host` is its one spelling.
  std::optional<config::ip_address> address;
  std::string target; ///< path and query as they stand; at least "/"

  /// host, with the port unless it is the scheme's: all that may be shown, as
  /// the path and the query may hold secrets.
  [[nodiscard]] std::string shown() const {
    return server.authority();
  }

  /// What a URL of this scheme means without a port.
  [[nodiscard]] std::uint16_t usual_port() const noexcept {
    return server.tls ? 443 : 80;
  }
};

/// Bytes.
inline constexpr std::size_t longest_url = 8192;

/// Reads an absolute http or https URL (RFC 3986), strictly. Refused are:
///
/// - a user, a password, and a fragment, which is never sent: a `#` in what is
///   put into a URL would cut off what follows;
/// - a host that is neither a name (config::is_host_name) nor an address in its
///   common form: no escapes, no zone, no dot at the end, no other spelling of
///   IPv4 (127.1, 0x7f.1, 0177.0.0.1, 2130706433);
/// - what is not ASCII: names are not converted (IDNA), paths not escaped;
/// - `.` and `..` as segments of the path, escaped or not: a client that takes
///   them out and a server that does not would disagree on what is asked for.
///
/// The error is a sentence that says what is wrong, and quotes nothing.
[[nodiscard]] tl::expected<call_url, std::string>
parse_call_url(std::string_view text);

} // namespace mfo::outbound
