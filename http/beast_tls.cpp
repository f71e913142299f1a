#include "http/beast_tls.hpp"

#include "http/beast_tls_resumption.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <optional>
#include <utility>

namespace mfo::http {

namespace asio = boost::asio;
using asio::ssl::context;
using boost::system::error_code;

namespace {

/// What is wrong, or nothing.
using complaint = std::optional<std::string>;

std::string cannot_use(const std::string& what, const std::string& file,
                       const std::string& why) {
  return "cannot use the " + what + " file " + file + ": " + why;
}

/// The first of the errors that OpenSSL has piled up on this thread: the later
/// ones say what failed because of it.
std::string openssl_reason() {
  auto code = ERR_get_error();
  ERR_clear_error();
  if (ERR_SYSTEM_ERROR(code))
    return error_code{ERR_GET_REASON(code), boost::system::system_category()}
        .message();
  return error_code{static_cast<int>(code), asio::error::get_ssl_category()}
      .message();
}

complaint trust(context& to, const std::string& ca_file) {
  error_code ec;
  if (ca_file.empty()) {
    to.set_default_verify_paths(ec);
    return ec ? complaint{"cannot use the system's certificates: " +
                          ec.message()}
              : std::nullopt;
  }
  to.load_verify_file(ca_file, ec);
  return ec ? complaint{cannot_use("CA", ca_file, ec.message())} : std::nullopt;
}

complaint distrust(context& to, const std::string& crl_file) {
  if (crl_file.empty())
    return std::nullopt;
  auto* store = SSL_CTX_get_cert_store(to.native_handle());
  ERR_clear_error();
  auto* lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  if (lookup == nullptr ||
      X509_load_crl_file(lookup, crl_file.c_str(), X509_FILETYPE_PEM) < 1)
    return cannot_use("CRL", crl_file, openssl_reason());
  X509_STORE_set_flags(store,
                       X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
  return std::nullopt;
}

/// Keeps OpenSSL from asking for the pass phrase on the terminal, and notes
/// that it would have.
int refuse_pass_phrase(char*, int, int, void* was_asked) {
  *static_cast<bool*>(was_asked) = true;
  return -1;
}

complaint load_key(context& to, const std::string& key_file) {
  auto was_asked = false;
  auto* handle = to.native_handle();
  SSL_CTX_set_default_passwd_cb(handle, refuse_pass_phrase);
  SSL_CTX_set_default_passwd_cb_userdata(handle, &was_asked);
  error_code ec;
  to.use_private_key_file(key_file, context::pem, ec);
  SSL_CTX_set_default_passwd_cb(handle, nullptr);
  SSL_CTX_set_default_passwd_cb_userdata(handle, nullptr);
  if (was_asked)
    return cannot_use("key", key_file,
                      "it is encrypted; take the pass phrase off "
                      "(openssl pkey -in … -out …)");
  // A key that does not fit is the caller's to find.
  if (ec && ERR_GET_REASON(static_cast<unsigned long>(ec.value())) !=
                X509_R_KEY_VALUES_MISMATCH)
    return cannot_use("key", key_file, ec.message());
  return std::nullopt;
}

complaint identify(context& to, const config::tls_settings& settings) {
  const auto& [ca, crl, cert, key, version] = settings;
  if (cert.empty() && key.empty())
    return std::nullopt;
  if (key.empty())
    return cannot_use("certificate", cert, "its key file is missing");
  if (cert.empty())
    return cannot_use("key", key, "its certificate file is missing");
  error_code ec;
  to.use_certificate_chain_file(cert, ec);
  if (ec)
    return cannot_use("certificate", cert, ec.message());
  if (auto failure = load_key(to, key))
    return failure;
  ERR_clear_error();
  if (SSL_CTX_check_private_key(to.native_handle()) != 1) {
    ERR_clear_error();
    return cannot_use("key", key,
                      "it is not the key of the certificate in " + cert +
                          "; give the key that this certificate was made for");
  }
  return std::nullopt;
}

} // namespace

tl::expected<context, std::string>
make_tls_context(const config::tls_settings& settings) {
  context result{context::tls_client};
  SSL_CTX_set_min_proto_version(
      result.native_handle(), settings.min_version == config::tls_version::v1_3
                                  ? TLS1_3_VERSION
                                  : TLS1_2_VERSION);
  error_code ec;
  result.set_verify_mode(asio::ssl::verify_peer, ec);
  if (ec)
    return tl::unexpected("cannot verify certificates: " + ec.message());
  auto failure = trust(result, settings.ca_file);
  if (!failure)
    failure = distrust(result, settings.crl_file);
  if (!failure)
    failure = identify(result, settings);
  if (failure)
    return tl::unexpected(std::move(*failure));
  keep_session(result);
  return result;
}

bool expect_host(SSL* session, const std::string& host) {
  error_code not_an_address;
  asio::ip::make_address(host, not_an_address);
  auto* expectations = SSL_get0_param(session);
  if (!not_an_address)
    return X509_VERIFY_PARAM_set1_ip_asc(expectations, host.c_str()) == 1;
  X509_VERIFY_PARAM_set_hostflags(expectations,
                                  X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set1_host(session, host.c_str()) == 1 &&
         SSL_set_tlsext_host_name(session, host.c_str()) == 1;
}

bool is_from_openssl(const error_code& ec) {
  return ec.category() == asio::error::get_ssl_category();
}

std::string explain_handshake(SSL* session, const error_code& ec) {
  auto verdict = SSL_get_verify_result(session);
  if (verdict == X509_V_OK)
    return ec.message();
  return X509_verify_cert_error_string(verdict);
}

} // namespace mfo::http
