#include "http/guarded_transport.hpp"

#include "tests/support/http_certificates.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tls_client.hpp"
#include "tests/support/wait_until.hpp"

#include <gtest/gtest.h>

#include <future>

namespace mfo::http {

namespace {

using boost::asio::ip::tcp;

listener_context_ptr any_context() {
  support::temporary_folder files;
  const auto own = test::authority{}.issue({{"IP:127.0.0.1"}});
  config::listener_tls_settings tls;
  tls.certificate = files.write("own.pem", own.certificate);
  tls.key = files.write("own.key", own.key);
  return make_listener_context(tls).value();
}

TEST(a_guarded_transport, ends_without_reading_what_the_peer_has_sent) {
  boost::asio::io_context io;
  tcp::acceptor acceptor{io, {boost::asio::ip::address_v4::loopback(), 0}};
  auto connecting = std::async(std::launch::async, [&] {
    return std::make_unique<test::tls_client>(
        acceptor.local_endpoint().port(),
        test::tls_client_options{.oldest = TLS1_3_VERSION});
  });
  guarded_transport transport{io};
  acceptor.accept(transport.socket());
  boost::system::error_code failed = boost::asio::error::would_block;
  transport.async_handshake(any_context(), [&](auto error) { failed = error; });
  io.run();
  const auto client = connecting.get();
  ASSERT_FALSE(failed) << failed.message();
  ASSERT_EQ(client->failure(), "");

  // Each is work, and no data: whoever looks for the peer's end meets them all.
  constexpr std::size_t record = 27; // of TLS 1.3 with a tag of 16 bytes
  constexpr std::size_t updates = 100;
  for (std::size_t i = 0; i < updates; ++i) {
    SSL_key_update(client->session(), SSL_KEY_UPDATE_NOT_REQUESTED);
    ASSERT_EQ(SSL_do_handshake(client->session()), 1);
  }
  const auto pending = [&] {
    return transport.socket().available();
  };
  ASSERT_TRUE(
      support::wait_until([&] { return pending() == updates * record; }));
  transport.end_writing();
  EXPECT_EQ(pending(), updates * record);
  EXPECT_EQ(client->read_all(), "");
  EXPECT_TRUE(client->told_of_end());
}

} // namespace

} // namespace mfo::http
