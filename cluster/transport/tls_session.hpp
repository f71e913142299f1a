#pragma once

#include "cluster/transport/end_reason.hpp"
#include "cluster/transport/link_event.hpp"
#include "cluster/transport/peer_names.hpp"

#include <openssl/ssl.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mfo::cluster::wire {

enum class io_state : std::uint8_t {
  done,
  wants_read,  ///< ask again when the socket is readable
  wants_write, ///< or writable
  ended,       ///< the peer said that nothing more comes
  failed,      ///< see failure()
};

struct io_result {
  io_state state = io_state::failed;
  std::size_t bytes = 0; ///< of `done`
};

template <auto Free>
struct freed_with {
  template <class Object>
  void operator()(Object* object) const noexcept {
    Free(object);
  }
};

using ssl_context_ptr = std::shared_ptr<SSL_CTX>;
using ssl_ptr = std::unique_ptr<SSL, freed_with<SSL_free>>;

/// Names that a certificate is for: its DNS names or, where it has none, its
/// common name (RFC 6125, section 6.4.4).
[[nodiscard]] std::vector<std::string> names_of(const X509* certificate);

/// TLS over a socket that does not block and that stays its owner's. The errors
/// that OpenSSL keeps a thread never leak from one session into another: they
/// are cleared before each call. One thread at a time.
class tls_session {
public:
  /// Whom it may be with: the peer's certificate has a name that is allowed
  /// and, unless it is empty, `expected`.
  struct identity_check {
    std::shared_ptr<const peer_names> allowed;
    std::string expected;
  };

  tls_session(const ssl_context_ptr& context, direction way, int socket,
              identity_check check);
  tls_session(const tls_session&) = delete;

  /// Goes on with the handshake, which ends with `done`.
  [[nodiscard]] io_result handshake();

  [[nodiscard]] io_result read(char* to, std::size_t size);
  [[nodiscard]] io_result write(const char* from, std::size_t size);

  /// Bytes that are here already and that no poll will tell of.
  [[nodiscard]] std::size_t pending() const noexcept;

  /// Tells the peer that nothing more comes, as far as that takes no waiting.
  void say_goodbye() noexcept;

  /// Of the peer, once the handshake is done.
  [[nodiscard]] const std::string& peer_name() const noexcept {
    return peer_name_;
  }

  /// When the peer's certificate ends, once the handshake is done.
  [[nodiscard]] std::optional<std::chrono::sys_seconds> peer_end() const;

  [[nodiscard]] const end_cause& failure() const noexcept {
    return failure_;
  }

  /// For the context: checks the names, and notes them.
  static int check_certificate(int good, X509_STORE_CTX* chain);

private:
  io_result judge(int result);

  ssl_ptr ssl_;
  direction way_;
  identity_check check_;
  std::string peer_name_;
  std::string shown_names_; ///< of the certificate, for the log
  end_cause failure_{end_reason::tls_failed, {}};
};

} // namespace mfo::cluster::wire
