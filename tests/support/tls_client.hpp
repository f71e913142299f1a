#pragma once

#include "tests/support/http_certificates.hpp"

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

/// TLS by hand over a blocking socket, as raw_client does HTTP: a test has to
/// see what was agreed on, what was refused, and how it ended. Every wait is
/// bounded by 10 s.
namespace mfo::test {

struct tls_client_options {
  std::string trusted{}; ///< CA, PEM; empty: anybody
  identity own{};        ///< the client's certificate, if any
  int oldest = TLS1_2_VERSION;
  int newest = TLS1_3_VERSION;
  std::string ciphers{};          ///< of TLS 1.2; empty: OpenSSL's
  std::string protocols{};        ///< ALPN, as on the wire
  int security_level = -1;        ///< -1: OpenSSL's own
  SSL_SESSION* resumed = nullptr; ///< a session to go on with
};

class tls_client {
public:
  /// Connects to a port of this host and makes the handshake.
  explicit tls_client(std::uint16_t port,
                      const tls_client_options& options = {});
  ~tls_client();
  tls_client(const tls_client&) = delete;

  /// Why the handshake failed; empty: it did not.
  [[nodiscard]] const std::string& failure() const noexcept {
    return failure_;
  }

  [[nodiscard]] SSL* session() const noexcept {
    return session_.get();
  }

  /// False when the peer takes no more.
  bool write(std::string_view bytes);

  /// What comes next; empty at the end, and when nothing comes.
  std::string read_some();

  /// Until there is a whole answer with a Content-Length, or the end.
  std::string read_answer();

  /// Until the end.
  std::string read_all();

  /// Whether the server said that nothing more comes (close_notify).
  [[nodiscard]] bool told_of_end() const;

  /// A POST of `body` to `target`, and the answer to it.
  std::string post(std::string_view target, std::string_view body);

  /// The serial number of the server's certificate, which no other has.
  [[nodiscard]] std::string server_serial() const;

private:
  struct free_context {
    void operator()(SSL_CTX* context) const {
      SSL_CTX_free(context);
    }
  };
  struct free_session {
    void operator()(SSL* session) const {
      SSL_free(session);
    }
  };

  int socket_ = -1;
  std::unique_ptr<SSL_CTX, free_context> context_;
  std::unique_ptr<SSL, free_session> session_;
  std::string failure_;
  std::string received_;
};

/// A POST as it is on the wire.
std::string post_message(std::string_view target, std::string_view body);

} // namespace mfo::test
