#pragma once

#include "config/tls_settings.hpp"

#include <boost/asio/ssl/context.hpp>

#include <optional>
#include <string>
#include <vector>

/// What the SSL contexts of both directions of HTTP have in common. Files
/// (PEM) are read now, once.
namespace mfo::http {

/// What is wrong, or nothing: it names the file, says what is wrong with it
/// and, where that is not plain, what to do.
using tls_complaint = std::optional<std::string>;

void set_oldest_version(boost::asio::ssl::context& to,
                        config::tls_version version);

/// Checks the peer against these CAs.
tls_complaint trust_file(boost::asio::ssl::context& to,
                         const std::string& ca_file);

/// Looks every certificate of the peer's chain up in its issuer's list; a
/// chain with an issuer that has none, or an outdated one, is refused (RFC
/// 5280, section 6.3).
tls_complaint distrust_file(boost::asio::ssl::context& to,
                            const std::string& crl_file);

/// The node's own certificate, with its chain, and the key of it. A key with
/// a pass phrase is refused: there is nobody to type it.
tls_complaint identify_by_files(boost::asio::ssl::context& to,
                                const std::string& certificate_file,
                                const std::string& key_file);

/// Adds what is wrong with these two, with the key also where there is no such
/// certificate.
void note_identity(std::vector<std::string>& faults,
                   boost::asio::ssl::context& scratch,
                   const std::string& certificate_file,
                   const std::string& key_file);

/// Adds what is wrong, if anything is.
void note(std::vector<std::string>& faults, tls_complaint complaint);

/// "cannot use the CA file /etc/ca.pem: No such file or directory".
std::string cannot_use_file(const std::string& what, const std::string& file,
                            const std::string& why);

} // namespace mfo::http
