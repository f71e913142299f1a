#pragma once

#include "config/server_settings.hpp"
#include "http/trust_store.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>
#include <tl/expected.hpp>

#include <string>
#include <vector>

/// TLS of the outgoing client: 1.2 or later, and always verified. There is
/// no way to turn verification off.
namespace mfo::http {

/// The context of all connections to an origin. Files are read now, once. The
/// error names the file, says what is wrong with it and, where that is not
/// plain, what to do.
///
/// With a CRL file every certificate of a chain is looked up in its issuer's
/// list, and a chain with an issuer that has none, or an outdated one, is
/// refused (RFC 5280, section 6.3). A key with a pass phrase is refused: there
/// is nobody to type it.
///
/// `shared`, if any, is whom to trust, in place of the CA and CRL files.
tl::expected<boost::asio::ssl::context, std::string>
make_tls_context(const config::tls_settings& settings,
                 const trust_store& shared = nullptr);

/// The system's authorities, and those of a file (PEM) unless its name is
/// empty. Read now, once. The error names the file and says what is wrong.
tl::expected<trust_store, std::string>
make_trust_store(const std::string& more_ca_file);

/// What is wrong with each of the files, and not with the first alone. The
/// system's certificates are not looked at.
[[nodiscard]] std::vector<std::string>
find_file_faults(const config::tls_settings& settings);

/// Before the handshake: demands that the certificate is for `host` (RFC
/// 6125; a name or an address) and names the host to the server (SNI, RFC
/// 6066, section 3: names only). False when OpenSSL refuses the name.
bool expect_host(SSL* session, const std::string& host);

/// Whether it was TLS that failed, and not what is below it.
bool is_from_openssl(const boost::system::error_code& ec);

/// Why a handshake failed, in OpenSSL's words, e.g. "certificate has
/// expired".
std::string explain_handshake(SSL* session,
                              const boost::system::error_code& ec);

} // namespace mfo::http
