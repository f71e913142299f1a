#include "tests/support/tls_client.hpp"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace mfo::test {

namespace {

void require(bool ok) {
  if (!ok)
    throw std::runtime_error{"OpenSSL cannot make a client"};
}

using bio_ptr = std::unique_ptr<BIO, decltype(&BIO_free)>;
using x509_ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using key_ptr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

bio_ptr reader_of(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
}

x509_ptr certificate_of(const std::string& pem) {
  x509_ptr result{
      PEM_read_bio_X509(reader_of(pem).get(), nullptr, nullptr, nullptr),
      &X509_free};
  require(result != nullptr);
  return result;
}

void set_up(SSL_CTX* context, const tls_client_options& options) {
  if (options.security_level >= 0)
    SSL_CTX_set_security_level(context, options.security_level);
  SSL_CTX_set_min_proto_version(context, options.oldest);
  SSL_CTX_set_max_proto_version(context, options.newest);
  if (!options.ciphers.empty())
    require(SSL_CTX_set_cipher_list(context, options.ciphers.c_str()) == 1);
  if (!options.trusted.empty()) {
    const auto ca = certificate_of(options.trusted);
    require(X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca.get()) ==
            1);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  }
  if (!options.own.certificate.empty()) {
    const key_ptr key{PEM_read_bio_PrivateKey(reader_of(options.own.key).get(),
                                              nullptr, nullptr, nullptr),
                      &EVP_PKEY_free};
    require(SSL_CTX_use_certificate(
                context, certificate_of(options.own.certificate).get()) == 1 &&
            SSL_CTX_use_PrivateKey(context, key.get()) == 1);
  }
  if (!options.protocols.empty())
    require(
        SSL_CTX_set_alpn_protos(
            context,
            reinterpret_cast<const unsigned char*>(options.protocols.data()),
            static_cast<unsigned>(options.protocols.size())) == 0);
}

int connect_to(std::uint16_t port) {
  const int result = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{10, 0};
  ::setsockopt(result, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(result, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(result, reinterpret_cast<const sockaddr*>(&address),
                sizeof address) != 0)
    throw std::runtime_error{"no connection to the port"};
  return result;
}

std::string last_error() {
  std::array<char, 256> text{};
  const auto code = ERR_get_error();
  ERR_clear_error();
  if (code == 0)
    return "connection lost";
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

} // namespace

std::string post_message(std::string_view target, std::string_view body) {
  std::string text;
  text.append("POST ").append(target).append(" HTTP/1.1\r\nHost: test\r\n");
  text.append("Content-Type: application/json\r\nContent-Length: ");
  return text.append(std::to_string(body.size()))
      .append("\r\n\r\n")
      .append(body);
}

tls_client::tls_client(std::uint16_t port, const tls_client_options& options)
  : socket_(connect_to(port)), context_(SSL_CTX_new(TLS_client_method())) {
  // OpenSSL writes to a peer that is gone as to any.
  std::signal(SIGPIPE, SIG_IGN);
  set_up(context_.get(), options);
  session_.reset(SSL_new(context_.get()));
  require(session_ != nullptr && SSL_set_fd(session_.get(), socket_) == 1);
  if (options.resumed != nullptr)
    SSL_set_session(session_.get(), options.resumed);
  ERR_clear_error();
  if (SSL_connect(session_.get()) != 1)
    failure_ = last_error();
}

tls_client::~tls_client() {
  session_.reset();
  ::close(socket_);
}

bool tls_client::write(std::string_view bytes) {
  ERR_clear_error();
  return SSL_write(session_.get(), bytes.data(),
                   static_cast<int>(bytes.size())) ==
         static_cast<int>(bytes.size());
}

std::string tls_client::read_some() {
  std::array<char, 65536> bytes;
  ERR_clear_error();
  const auto size =
      SSL_read(session_.get(), bytes.data(), static_cast<int>(bytes.size()));
  if (size > 0)
    return {bytes.data(), static_cast<std::size_t>(size)};
  if (SSL_get_error(session_.get(), size) == SSL_ERROR_SSL && failure_.empty())
    failure_ = last_error();
  return {};
}

std::string tls_client::read_answer() {
  constexpr std::string_view mark{"Content-Length: "};
  for (;;) {
    const auto end = received_.find("\r\n\r\n");
    const auto at = received_.find(mark);
    if (end != std::string::npos && at < end) {
      const auto size =
          std::strtoul(received_.c_str() + at + mark.size(), nullptr, 10);
      if (const auto whole = end + 4 + size; received_.size() >= whole) {
        auto result = received_.substr(0, whole);
        received_.erase(0, whole);
        return result;
      }
    }
    const auto more = read_some();
    if (more.empty())
      return std::exchange(received_, {});
    received_ += more;
  }
}

std::string tls_client::read_all() {
  for (auto more = read_some(); !more.empty(); more = read_some())
    received_ += more;
  return std::exchange(received_, {});
}

bool tls_client::told_of_end() const {
  return (SSL_get_shutdown(session_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

std::string tls_client::post(std::string_view target, std::string_view body) {
  write(post_message(target, body));
  return read_answer();
}

std::string tls_client::server_serial() const {
  const x509_ptr certificate{SSL_get1_peer_certificate(session_.get()),
                             &X509_free};
  if (!certificate)
    return {};
  BIGNUM* number =
      ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate.get()), nullptr);
  char* text = BN_bn2hex(number);
  std::string result{text};
  OPENSSL_free(text);
  BN_free(number);
  return result;
}

} // namespace mfo::test
