#pragma once

#include "config/tls_settings.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>
#include <tl/expected.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

/// TLS of a listener, as its files had it at one moment.
namespace mfo::http {

/// Must outlive the sessions made from it. Immutable once made; OpenSSL counts
/// and locks what its sessions share.
struct listener_context {
  boost::asio::ssl::context ssl{boost::asio::ssl::context::tls_server};
  std::vector<std::string> client_names;
  bool asks_clients = false;        ///< for a certificate
  std::chrono::sys_seconds expires; ///< the listener's own certificate
};

using listener_context_ptr = std::shared_ptr<listener_context>;

/// TLS 1.2 or 1.3; with 1.2 nothing but ECDHE with an AEAD cipher (Mozilla's
/// "intermediate" configuration,
/// https://wiki.mozilla.org/Security/Server_Side_TLS, less its DHE). No
/// compression, no renegotiation; of application protocols (ALPN, RFC 7301)
/// http/1.1 alone. Sessions are resumed by tickets, so that the node keeps
/// none; where clients are asked for certificates they are not resumed, so that
/// each connection is checked by today's lists.
///
/// The error names the file, says what is wrong with it and, where that is not
/// plain, what to do.
tl::expected<listener_context_ptr, std::string>
make_listener_context(const config::listener_tls_settings& settings);

/// What is wrong with each of the files, and not with the first alone.
[[nodiscard]] std::vector<std::string>
find_file_faults(const config::listener_tls_settings& settings);

} // namespace mfo::http
