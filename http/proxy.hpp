#pragma once

#include "config/environment.hpp"
#include "config/secret.hpp"
#include "http/origin.hpp"

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::http {

/// An HTTP proxy: asked to CONNECT to an https origin, and sent whole URLs for
/// an http origin (RFC 9110, sections 9.3.6 and 7.1; RFC 9112, section 3.2).
struct proxy {
  std::string host; ///< lower case; an IPv6 address without its brackets
  std::uint16_t port = 0;
  /// The value of Proxy-Authorization, "Basic …" (RFC 7617), or empty.
  config::secret authorization{};

  /// host:port, for errors and logs.
  std::string authority() const;

  friend bool operator==(const proxy&, const proxy&) = default;
};

/// Reads http://[user:password@]host[:port], port 80 by default; user and
/// password are percent-encoded. The error is a sentence for the person who
/// wrote the URL, and quotes nothing of it.
tl::expected<proxy, std::string> parse_proxy(std::string_view url);

/// Which proxy to use for `server`, if any.
///
/// `setting` decides alone where it is given; empty, it means none. Without
/// one, the environment decides, as curl (everything.curl.dev, "Proxy
/// environment variables") and Go (golang.org/x/net/http/httpproxy) document
/// it; where they differ:
///
/// - https: `https_proxy`, `HTTPS_PROXY`; http: `http_proxy`; then `all_proxy`,
///   `ALL_PROXY`. Lower case first, as curl; an empty variable is not set.
///   Never `HTTP_PROXY`: a CGI-like host sets that from the header Proxy of
///   whoever sends a request (httpoxy, CVE-2016-5385).
/// - `no_proxy`, `NO_PROXY`: names and addresses between commas; `*` is every
///   host, `a.b` is that host and all below it, `.a.b` (or `*.a.b`) only those
///   below it; `10.1.2.3` and `10.0.0.0/8` (IPv6 likewise) match a host written
///   as an address: no name is resolved for this. Each may end in a port,
///   `a.b:8080` or `[::1]:8080`. What is none of this matches nothing.
/// - localhost and loopback addresses never go through a proxy from the
///   environment, as in Go: the proxy would reach its own loopback.
/// - `http://` may be missing.
///
/// The error names the variable; a setting's error names nothing, and its
/// reader knows where the setting stands. A proxy of another kind (https,
/// SOCKS) is an error rather than silently no proxy.
tl::expected<std::optional<proxy>, std::string>
choose_proxy(const origin& server, const std::optional<config::secret>& setting,
             const config::environment& lookup);

/// What a person is to read when the proxy answered a request with `status`
/// and did not pass it on.
std::string proxy_refusal(const proxy& via, int status);

} // namespace mfo::http
