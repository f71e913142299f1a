#include "http/beast_tls.hpp"

#include "http/beast_tls_resumption.hpp"
#include "http/tls_files.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <utility>

namespace mfo::http {

namespace asio = boost::asio;
using asio::ssl::context;
using boost::system::error_code;

namespace {

tls_complaint trust(context& to, const std::string& ca_file) {
  if (!ca_file.empty())
    return trust_file(to, ca_file);
  error_code ec;
  to.set_default_verify_paths(ec);
  return ec ? tls_complaint{"cannot use the system's certificates: " +
                            ec.message()}
            : std::nullopt;
}

tls_complaint identify(context& to, const config::tls_settings& settings) {
  const auto& [ca, crl, cert, key, version] = settings;
  if (cert.empty() && key.empty())
    return std::nullopt;
  if (key.empty())
    return cannot_use_file("certificate", cert, "its key file is missing");
  if (cert.empty())
    return cannot_use_file("key", key, "its certificate file is missing");
  return identify_by_files(to, cert, key);
}

} // namespace

tl::expected<context, std::string>
make_tls_context(const config::tls_settings& settings,
                 const trust_store& shared) {
  context result{context::tls_client};
  set_oldest_version(result, settings.min_version);
  error_code ec;
  result.set_verify_mode(asio::ssl::verify_peer, ec);
  if (ec)
    return tl::unexpected("cannot verify certificates: " + ec.message());
  tls_complaint failure;
  if (shared)
    SSL_CTX_set1_cert_store(result.native_handle(), shared.get());
  else
    failure = trust(result, settings.ca_file);
  if (!shared && !failure && !settings.crl_file.empty())
    failure = distrust_file(result, settings.crl_file);
  if (!failure)
    failure = identify(result, settings);
  if (failure)
    return tl::unexpected(std::move(*failure));
  keep_session(result);
  return result;
}

tl::expected<trust_store, std::string>
make_trust_store(const std::string& more_ca_file) {
  context scratch{context::tls_client};
  auto failure = trust(scratch, {});
  if (!failure && !more_ca_file.empty())
    failure = trust_file(scratch, more_ca_file);
  if (failure)
    return tl::unexpected(std::move(*failure));
  auto* store = SSL_CTX_get_cert_store(scratch.native_handle());
  X509_STORE_up_ref(store); // the context frees its own
  return trust_store{store, X509_STORE_free};
}

std::vector<std::string>
find_file_faults(const config::tls_settings& settings) {
  context scratch{context::tls_client};
  std::vector<std::string> faults;
  if (!settings.ca_file.empty())
    note(faults, trust_file(scratch, settings.ca_file));
  if (!settings.crl_file.empty())
    note(faults, distrust_file(scratch, settings.crl_file));
  if (settings.cert_file.empty() || settings.key_file.empty())
    note(faults, identify(scratch, settings));
  else
    note_identity(faults, scratch, settings.cert_file, settings.key_file);
  return faults;
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
