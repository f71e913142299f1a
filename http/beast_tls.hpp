#pragma once

#include "http/client_config.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>
#include <tl/expected.hpp>

#include <string>

/// TLS of the outgoing client: 1.2 or later, and always verified. There is
/// no way to turn verification off.
namespace mfo::http {

/// The context of all connections to an origin. The error names the CA file
/// and says what is wrong with it.
tl::expected<boost::asio::ssl::context, std::string>
make_tls_context(const client_config& config);

/// Before the handshake: demands that the certificate is for `host` (RFC
/// 6125; a name or an address) and names the host to the server (SNI, RFC
/// 6066, section 3: names only). False when OpenSSL refuses the name.
bool expect_host(SSL* session, const std::string& host);

/// Why a handshake failed, in OpenSSL's words, e.g. "certificate has
/// expired".
std::string explain_handshake(SSL* session,
                              const boost::system::error_code& ec);

} // namespace mfo::http
