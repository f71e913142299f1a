#include "http/tls_files.hpp"

#include "config/file.hpp"

#include <boost/asio/ssl/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <utility>

namespace mfo::http {

namespace asio = boost::asio;
using asio::ssl::context;
using boost::system::error_code;

namespace {

/// OpenSSL would wait for a FIFO, and has no word for a folder.
tls_complaint cannot_open_file(const char* what, const std::string& file) {
  if (const auto why = config::why_not_regular(file))
    return cannot_use_file(what, file, *why);
  return std::nullopt;
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

/// Keeps OpenSSL from asking for the pass phrase on the terminal, and notes
/// that it would have.
int refuse_pass_phrase(char*, int, int, void* was_asked) {
  *static_cast<bool*>(was_asked) = true;
  return -1;
}

tls_complaint load_key(context& to, const std::string& key_file) {
  auto was_asked = false;
  auto* handle = to.native_handle();
  SSL_CTX_set_default_passwd_cb(handle, refuse_pass_phrase);
  SSL_CTX_set_default_passwd_cb_userdata(handle, &was_asked);
  error_code ec;
  to.use_private_key_file(key_file, context::pem, ec);
  SSL_CTX_set_default_passwd_cb(handle, nullptr);
  SSL_CTX_set_default_passwd_cb_userdata(handle, nullptr);
  if (was_asked)
    return cannot_use_file("key", key_file,
                           "it is encrypted; take the pass phrase off "
                           "(openssl pkey -in … -out …)");
  // A key that does not fit is the caller's to find.
  if (ec && ERR_GET_REASON(static_cast<unsigned long>(ec.value())) !=
                X509_R_KEY_VALUES_MISMATCH)
    return cannot_use_file("key", key_file, ec.message());
  return std::nullopt;
}

} // namespace

std::string cannot_use_file(const std::string& what, const std::string& file,
                            const std::string& why) {
  return "cannot use the " + what + " file " + file + ": " + why;
}

void note(std::vector<std::string>& faults, tls_complaint complaint) {
  if (complaint)
    faults.push_back(*std::move(complaint));
}

void set_oldest_version(context& to, config::tls_version version) {
  SSL_CTX_set_min_proto_version(
      to.native_handle(),
      version == config::tls_version::v1_3 ? TLS1_3_VERSION : TLS1_2_VERSION);
}

tls_complaint trust_file(context& to, const std::string& ca_file) {
  if (auto why = cannot_open_file("CA", ca_file))
    return why;
  error_code ec;
  to.load_verify_file(ca_file, ec);
  return ec ? tls_complaint{cannot_use_file("CA", ca_file, ec.message())}
            : std::nullopt;
}

tls_complaint distrust_file(context& to, const std::string& crl_file) {
  if (auto why = cannot_open_file("CRL", crl_file))
    return why;
  auto* store = SSL_CTX_get_cert_store(to.native_handle());
  ERR_clear_error();
  auto* lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  if (lookup == nullptr ||
      X509_load_crl_file(lookup, crl_file.c_str(), X509_FILETYPE_PEM) < 1)
    return cannot_use_file("CRL", crl_file, openssl_reason());
  X509_STORE_set_flags(store,
                       X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
  return std::nullopt;
}

tls_complaint identify_by_files(context& to, const std::string& cert,
                                const std::string& key) {
  if (auto why = cannot_open_file("certificate", cert))
    return why;
  if (auto why = cannot_open_file("key", key))
    return why;
  error_code ec;
  to.use_certificate_chain_file(cert, ec);
  if (ec)
    return cannot_use_file("certificate", cert, ec.message());
  if (auto failure = load_key(to, key))
    return failure;
  ERR_clear_error();
  if (SSL_CTX_check_private_key(to.native_handle()) != 1) {
    ERR_clear_error();
    return cannot_use_file(
        "key", key,
        "it is not the key of the certificate in " + cert +
            "; give the key that this certificate was made for");
  }
  return std::nullopt;
}

void note_identity(std::vector<std::string>& faults, context& scratch,
                   const std::string& certificate_file,
                   const std::string& key_file) {
  if (auto why = cannot_open_file("certificate", certificate_file)) {
    faults.push_back(*std::move(why));
    note(faults, cannot_open_file("key", key_file));
  } else {
    note(faults, identify_by_files(scratch, certificate_file, key_file));
  }
}

} // namespace mfo::http
