// How long the client waits, and for what.

#include "tests/support/http_client_runner.hpp"
#include "tests/support/http_full_listener.hpp"
#include "tests/support/http_script_server.hpp"

#include <gmock/gmock.h>

#include <semaphore>

namespace mfo::http {
namespace {

using namespace mfo::test;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

TEST(client_timeout, ends_a_request_to_a_silent_server) {
  script_server server{silent()};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  auto begin = steady_clock::now();
  EXPECT_THAT(ask(*client, impatient(50ms)),
              is_error_with(client_errc::timeout, "waiting for the reply"));
  EXPECT_GE(steady_clock::now() - begin, 50ms);
  EXPECT_EQ(client->stats().open, 0u);
}

TEST(client_timeout, never_reuses_a_connection_that_timed_out) {
  script_server server{[](server_peer& peer, int number) {
    peer.read_request();
    if (number == 0)
      return peer.wait_for_close();
    peer.write(reply_of("fresh"));
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  EXPECT_THAT(ask(*client, impatient(50ms)), is_error(client_errc::timeout));
  EXPECT_THAT(ask(*client), is_reply(200, "fresh"));
}

TEST(client_timeout, bounds_a_reply_that_trickles) {
  script_server server{[](server_peer& peer, int) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (peer.write("1\r\nx\r\n"))
      std::this_thread::yield();
  }};
  client_runner runner;
  auto config = config_for(server.port());
  config.max_response = 2'000'000'000;
  auto client = runner.make(config);
  EXPECT_THAT(ask(*client, impatient(100ms)), is_error(client_errc::timeout));
}

TEST(client_timeout, bounds_a_request_that_nobody_reads) {
  std::binary_semaphore over{0};
  script_server server{[&](server_peer&, int) {
    over.acquire();
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  auto request = post(std::string(32 * 1024 * 1024, 'x'));
  request.timeout = 100ms;
  EXPECT_THAT(ask(*client, request),
              is_error_with(client_errc::timeout, "sending"));
  over.release();
}

TEST(client_timeout, counts_the_wait_for_a_connection) {
  script_server server{silent()};
  client_runner runner;
  auto config = config_for(server.port());
  config.max_connections = 1;
  auto client = runner.make(config);
  auto first = send(*client, impatient(10s));
  EXPECT_THAT(ask(*client, impatient(50ms)),
              is_error_with(client_errc::timeout, "waiting for a connection"));
  EXPECT_EQ(first.wait_for(0s), std::future_status::timeout);
  client->close();
  EXPECT_THAT(await(std::move(first)), is_error(client_errc::closed));
}

TEST(client_timeout, holds_each_request_to_its_own_time) {
  script_server server{silent()};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  auto begin = steady_clock::now();
  auto patient = send(*client, impatient(200ms));
  auto hasty = send(*client, impatient(30ms));
  EXPECT_THAT(await(std::move(hasty)), is_error(client_errc::timeout));
  EXPECT_EQ(patient.wait_for(0s), std::future_status::timeout);
  EXPECT_THAT(await(std::move(patient)), is_error(client_errc::timeout));
  EXPECT_GE(steady_clock::now() - begin, 200ms);
}

TEST(client_timeout, ends_an_attempt_to_connect) {
  full_listener listener;
  client_runner runner;
  auto config = config_for(listener.port());
  config.connect_timeout = 50ms;
  auto client = runner.make(config);
  EXPECT_THAT(ask(*client),
              is_error_with(client_errc::connect_timeout, "while connecting"));
  EXPECT_EQ(client->stats().open, 0u);
}

TEST(client_timeout, ends_connecting_when_the_request_has_less_time) {
  full_listener listener;
  client_runner runner;
  auto config = config_for(listener.port());
  config.connect_timeout = 10s;
  auto client = runner.make(config);
  EXPECT_THAT(ask(*client, impatient(50ms)), is_error(client_errc::timeout));
}

TEST(client_timeout, bounds_the_tls_handshake) {
  script_server server{silent()};
  client_runner runner;
  auto config = config_for(server.port());
  config.server.tls = true;
  config.connect_timeout = 50ms;
  auto client = runner.make(config);
  EXPECT_THAT(ask(*client),
              is_error_with(client_errc::connect_timeout, "handshake"));
}

TEST(client_timeout, leaves_an_answered_request_alone) {
  script_server server{always(reply_of("ok"))};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  EXPECT_THAT(ask(*client, impatient(100ms)), is_reply(200, "ok"));
  // Outlives the first request's deadline on the same connection.
  auto end = steady_clock::now() + 150ms;
  while (steady_clock::now() < end)
    ASSERT_THAT(ask(*client), is_reply(200, "ok"));
  EXPECT_EQ(server.connections(), 1);
}

} // namespace
} // namespace mfo::http
