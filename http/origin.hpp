#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace mfo::http {

/// Where a client sends its requests: the fixed part of every URL.
struct origin {
  bool tls = false;
  std::string host; ///< lower case; an IPv6 address without its brackets
  std::uint16_t port = 0;
  std::string base_path; ///< "" or "/api", never with a slash at its end

  /// The Host field (RFC 9110, section 7.2): brackets around an IPv6 address,
  /// the port unless it is the scheme's.
  std::string authority() const;

  /// The URL of it, with the base path: what `parse_origin` reads.
  std::string url() const;

  friend bool operator==(const origin&, const origin&) = default;
};

/// Reads http://host[:port][/path] or https://… (RFC 3986). The error is a
/// sentence for the person who wrote the URL. A user name, a query and a
/// fragment are refused: none of them means anything here.
tl::expected<origin, std::string> parse_origin(std::string_view url);

/// An origin without a base path, and what is asked of it: absolute path and
/// query, as they stand.
struct url_parts {
  origin server;
  std::string target; ///< at least "/"
};

/// Reads the URL of one resource. As `parse_origin`, but a query stays; a
/// fragment, which is never sent, is cut off.
tl::expected<url_parts, std::string> parse_url(std::string_view url);

} // namespace mfo::http
