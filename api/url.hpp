#pragma once

#include "http/origin.hpp"

#include <tl/expected.hpp>

#include <string>
#include <string_view>

namespace mfo::api {

/// A whole URL, as a client needs it: where to, and what to ask for there.
struct url_parts {
  http::origin server; ///< without a base path
  std::string origin;  ///< as it stands in the URL: "https://host:8443"
  std::string target;  ///< path and query, at least "/"
};

/// Splits http(s)://host[:port][/path][?query] (RFC 3986). The error is a
/// sentence for the person who wrote the URL, and quotes nothing of it. A user
/// name, a fragment and what is not percent-encoded are refused.
tl::expected<url_parts, std::string> split_url(std::string_view url);

} // namespace mfo::api
