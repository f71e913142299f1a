#include "cluster/transport/tls_failure.hpp"

#include "cluster/transport/socket.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <cerrno>
#include <string_view>

namespace mfo::cluster::wire {

namespace {

std::string reason_text(unsigned long code) {
  if (ERR_SYSTEM_ERROR(code))
    return system_text(ERR_GET_REASON(code));
  const auto* text = ERR_reason_error_string(code);
  return text != nullptr ? text : fmt::format("error {}", code);
}

end_cause bad_certificate(const SSL* session, const std::string& peer_names) {
  const auto result = SSL_get_verify_result(session);
  const std::string text = X509_verify_cert_error_string(result);
  switch (result) {
  case X509_V_ERR_CERT_HAS_EXPIRED:
  case X509_V_ERR_CERT_NOT_YET_VALID:
    return {end_reason::expired, "its certificate: " + text};
  case X509_V_ERR_HOSTNAME_MISMATCH:
    return {
        end_reason::wrong_name,
        fmt::format("it is not the peer that was dialled, but {}", peer_names)};
  case X509_V_ERR_APPLICATION_VERIFICATION:
    return {end_reason::not_allowed,
            fmt::format("no name of its certificate is on the list of peers: "
                        "{}",
                        peer_names)};
  default:
    return {end_reason::untrusted,
            "its certificate is not of this cluster's CA: " + text};
  }
}

std::string_view alert_hint(int alert) {
  switch (alert) {
  case SSL_AD_CERTIFICATE_REQUIRED:
    return "; it wants a certificate of this node";
  case SSL_AD_UNKNOWN_CA:
  case SSL_AD_DECRYPT_ERROR:
    return "; this node's certificate is not of the peer's CA";
  case SSL_AD_CERTIFICATE_EXPIRED:
    return "; this node's certificate is out of date, or a clock is wrong";
  case SSL_AD_HANDSHAKE_FAILURE:
    return "; is this node's name on the peer's list?";
  case SSL_AD_BAD_CERTIFICATE:
    return "; is this node's name the one that the peer dials?";
  default:
    return "";
  }
}

end_cause library_failure(const SSL* session, unsigned long code,
                          const std::string& peer_names) {
  // Whatever OpenSSL has met on the way, a bad signature, say.
  if (SSL_get_verify_result(session) != X509_V_OK)
    return bad_certificate(session, peer_names);
  const auto reason = ERR_GET_REASON(code);
  if (ERR_GET_LIB(code) != ERR_LIB_SSL)
    return {end_reason::tls_failed, "TLS: " + reason_text(code)};
  if (reason >= SSL_AD_REASON_OFFSET)
    return {end_reason::refused_by_peer,
            fmt::format("the peer refuses this node: {}{}", reason_text(code),
                        alert_hint(reason - SSL_AD_REASON_OFFSET))};
  switch (reason) {
  case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
    return {end_reason::no_certificate, "it shows no certificate"};
  case SSL_R_HTTP_REQUEST:
  case SSL_R_WRONG_VERSION_NUMBER:
    return {end_reason::not_tls, "not TLS: " + reason_text(code)};
  case SSL_R_UNEXPECTED_EOF_WHILE_READING:
    return {end_reason::closed_by_peer, "the peer has hung up"};
  default:
    return {end_reason::tls_failed, "TLS: " + reason_text(code)};
  }
}

} // namespace

end_cause tls_failure(const SSL* session, int error,
                      const std::string& peer_names) {
  const auto system = errno;
  const auto code = ERR_peek_error();
  end_cause result{end_reason::closed_by_peer, "the peer has hung up"};
  if (error == SSL_ERROR_SSL && code != 0)
    result = library_failure(session, code, peer_names);
  else if (error == SSL_ERROR_SYSCALL && system != 0)
    result = {system == ECONNRESET || system == EPIPE
                  ? end_reason::closed_by_peer
                  : end_reason::broken,
              system_text(system)};
  ERR_clear_error();
  return result;
}

std::string openssl_text() {
  const auto code = ERR_get_error();
  ERR_clear_error();
  return reason_text(code);
}

} // namespace mfo::cluster::wire
