#include "http/beast_tls.hpp"

#include <boost/asio/ip/address.hpp>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <utility>

namespace mfo::http {

namespace asio = boost::asio;
using boost::system::error_code;

tl::expected<asio::ssl::context, std::string>
make_tls_context(const client_config& config) {
  asio::ssl::context context{asio::ssl::context::tls_client};
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  error_code ec;
  context.set_verify_mode(asio::ssl::verify_peer, ec);
  if (!ec && config.ca_file.empty())
    context.set_default_verify_paths(ec);
  else if (!ec)
    context.load_verify_file(config.ca_file, ec);
  if (ec && config.ca_file.empty())
    return tl::unexpected("cannot use the system's certificates: " +
                          ec.message());
  if (ec)
    return tl::unexpected("cannot use the CA file " + config.ca_file + ": " +
                          ec.message());
  return context;
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

std::string explain_handshake(SSL* session, const error_code& ec) {
  auto verdict = SSL_get_verify_result(session);
  if (verdict == X509_V_OK)
    return ec.message();
  return X509_verify_cert_error_string(verdict);
}

} // namespace mfo::http
