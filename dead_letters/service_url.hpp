#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace mfo::dead_letters {

/// Where a store is and who asks it: SCHEME://[user[:password]@]host[:port]
/// [/path] (RFC 3986), with the escapes resolved.
struct service_url {
  std::string user;
  std::string password; ///< a secret
  std::string host;     ///< an IPv6 address without its brackets
  std::uint16_t port = 0;
  std::string path; ///< without the slash before it

  /// For messages: without user and password.
  [[nodiscard]] std::string address() const;
};

inline constexpr std::uint16_t redis_port = 6379;
inline constexpr std::uint16_t amqp_port = 5672;

/// The error is a sentence that quotes nothing of the URL. A query and a
/// fragment are refused.
tl::expected<service_url, std::string>
parse_service_url(std::string_view url, std::string_view scheme,
                  std::uint16_t default_port);

} // namespace mfo::dead_letters
