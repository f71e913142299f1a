// How long a session stands on one verification; what servers make of it is
// in client_certificate_test.cpp.

#include "http/beast_tls_resumption.hpp"

#include "tests/support/http_certificates.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <memory>

namespace mfo::http {
namespace {

using namespace std::chrono_literals;
using boost::asio::ssl::context;
using time_point = std::chrono::steady_clock::time_point;

struct free_ssl {
  void operator()(SSL* ssl) const {
    SSL_free(ssl);
  }
};

using ssl_ptr = std::unique_ptr<SSL, free_ssl>;

class tls_resumption : public testing::Test {
protected:
  tls_resumption() {
    keep_session(client_);
    const auto own = test::self_signed({{"DNS:localhost"}});
    server_.use_certificate_chain(boost::asio::buffer(own.certificate));
    server_.use_private_key(boost::asio::buffer(own.key), context::pem);
  }

  /// A new connection in memory, after its handshake and a byte from the
  /// server, which brings TLS 1.3's tickets with it.
  ssl_ptr connect(time_point now) {
    ssl_ptr client{SSL_new(client_.native_handle())};
    const ssl_ptr server{SSL_new(server_.native_handle())};
    BIO* near = nullptr;
    BIO* far = nullptr;
    BIO_new_bio_pair(&near, 0, &far, 0);
    SSL_set_bio(client.get(), near, near);
    SSL_set_bio(server.get(), far, far);
    SSL_set_connect_state(client.get());
    SSL_set_accept_state(server.get());
    offer_session(client.get(), now);
    auto is_done = false;
    for (int i = 0; i < 10 && !is_done; ++i)
      is_done = (SSL_do_handshake(client.get()) == 1) &
                (SSL_do_handshake(server.get()) == 1);
    char byte = 'x';
    EXPECT_TRUE(is_done);
    EXPECT_EQ(SSL_write(server.get(), &byte, 1), 1);
    EXPECT_EQ(SSL_read(client.get(), &byte, 1), 1);
    // As client_stream::close.
    SSL_set_shutdown(client.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    return client;
  }

  bool is_resumed(time_point now) {
    return SSL_session_reused(connect(now).get()) == 1;
  }

  context client_{context::tls_client};
  context server_{context::tls_server};
  const time_point start = std::chrono::steady_clock::now();
};

TEST_F(tls_resumption, lasts_as_long_as_a_session_may) {
  EXPECT_FALSE(is_resumed(start));
  EXPECT_TRUE(is_resumed(start + max_session_age - 1s));
}

TEST_F(tls_resumption, is_not_prolonged_by_resuming) {
  EXPECT_FALSE(is_resumed(start));
  EXPECT_TRUE(is_resumed(start + 40min));
  EXPECT_TRUE(is_resumed(start + max_session_age - 1s));
  EXPECT_FALSE(is_resumed(start + max_session_age));
  EXPECT_TRUE(is_resumed(start + max_session_age + 40min));
}

TEST_F(tls_resumption, does_not_follow_a_failed_handshake) {
  const auto connection = connect(start);
  forget_session(connection.get());
  EXPECT_FALSE(is_resumed(start));
  EXPECT_TRUE(is_resumed(start));
}

} // namespace
} // namespace mfo::http
