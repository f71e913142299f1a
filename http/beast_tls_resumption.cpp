#include "http/beast_tls_resumption.hpp"

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>

namespace mfo::http {

namespace {

using std::chrono::steady_clock;

struct free_session {
  void operator()(SSL_SESSION* session) const noexcept {
    SSL_SESSION_free(session);
  }
};

/// Whole seconds of the steady clock: fits into a pointer on any machine.
using clock_seconds = std::chrono::duration<std::intptr_t>;

struct kept_session {
  std::unique_ptr<SSL_SESSION, free_session> session;
  clock_seconds verified{0}; ///< the server's certificate
};

/// OpenSSL calls this when it frees the context, which its connections keep:
/// one of them may still read a session ticket when the client is gone.
void free_kept(void*, void* kept, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<kept_session*>(kept);
}

/// Where a context has it. Asio uses the "app data", which is number 0.
int kept_index() {
  static const int index =
      SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_kept);
  return index;
}

/// Where a connection has when the server's certificate was verified: at the
/// earliest, for a server may refuse to resume what is offered.
int verified_index() {
  static const int index =
      SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

kept_session* kept_by(SSL* connection) {
  return static_cast<kept_session*>(
      SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), kept_index()));
}

/// Takes over a reference when it returns 1.
int on_session(SSL* connection, SSL_SESSION* session) {
  auto* kept = kept_by(connection);
  kept->session.reset(session);
  kept->verified = clock_seconds{reinterpret_cast<std::intptr_t>(
      SSL_get_ex_data(connection, verified_index()))};
  return 1;
}

} // namespace

void keep_session(boost::asio::ssl::context& context) {
  auto* handle = context.native_handle();
  auto kept = std::make_unique<kept_session>();
  if (SSL_CTX_set_ex_data(handle, kept_index(), kept.get()) != 1)
    return; // no memory for it: whole handshakes then
  kept.release();
  SSL_CTX_set_session_cache_mode(handle, SSL_SESS_CACHE_CLIENT |
                                             SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(handle, on_session);
}

void offer_session(SSL* connection, steady_clock::time_point now) {
  auto* kept = kept_by(connection);
  if (kept == nullptr)
    return;
  auto verified = std::chrono::floor<clock_seconds>(now.time_since_epoch());
  if (kept->session && (verified - kept->verified >= max_session_age ||
                        !SSL_SESSION_is_resumable(kept->session.get())))
    kept->session.reset();
  // A session that a resumed connection brings stands on the same verification.
  if (kept->session && SSL_set_session(connection, kept->session.get()) == 1)
    verified = kept->verified;
  SSL_set_ex_data(connection, verified_index(),
                  reinterpret_cast<void*>(verified.count()));
}

void forget_session(SSL* connection) {
  if (auto* kept = kept_by(connection))
    kept->session.reset();
}

} // namespace mfo::http
