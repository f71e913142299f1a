// Where the time of a call went.

#include "tests/support/http_certificates.hpp"
#include "tests/support/http_client_runner.hpp"
#include "tests/support/http_full_listener.hpp"
#include "tests/support/http_script_server.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>

namespace mfo::http {
namespace {

using namespace mfo::test;
using namespace std::chrono_literals;
using std::chrono::steady_clock;
using microseconds = client_timing::microseconds;

microseconds sum_of_parts(const client_timing& timing) {
  return timing.waiting + timing.resolve + timing.connect + timing.tls +
         timing.first_byte;
}

TEST(client_timing, has_every_part_of_a_first_call) {
  const authority ours;
  support::temporary_folder files;
  script_server server{always(reply_of("ok")),
                       {"127.0.0.1", ours.issue({{"DNS:localhost"}})}};
  client_runner runner;
  auto config = config_for(server.port());
  config.server.tls = true;
  config.server.host = "localhost";
  config.tls.ca_file = files.write("ca.pem", ours.certificate());
  auto client = runner.make(config);
  auto result = ask(*client);
  ASSERT_THAT(result, is_reply(200, "ok"));
  const auto& timing = result->timing;
  EXPECT_GT(timing.resolve, 0us);
  EXPECT_GT(timing.connect, 0us);
  EXPECT_GT(timing.tls, 0us);
  EXPECT_GT(timing.first_byte, 0us);
  EXPECT_LE(sum_of_parts(timing), timing.total);
}

TEST(client_timing, has_no_connecting_on_a_kept_connection) {
  script_server server{always(reply_of("ok"))};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  ASSERT_THAT(ask(*client), is_reply(200, "ok"));
  auto result = ask(*client);
  ASSERT_THAT(result, is_reply(200, "ok"));
  const auto& timing = result->timing;
  EXPECT_EQ(timing.resolve + timing.connect + timing.tls, 0us);
  EXPECT_GT(timing.first_byte, 0us);
  EXPECT_LE(sum_of_parts(timing), timing.total);
}

TEST(client_timing, counts_the_wait_for_a_connection) {
  script_server server{[](server_peer& peer, int number) {
    while (peer.read_request()) {
      if (number == 0)
        return peer.wait_for_close();
      peer.write(reply_of("ok"));
    }
  }};
  client_runner runner;
  auto config = config_for(server.port());
  config.max_connections = 1;
  auto client = runner.make(config);
  const auto begin = steady_clock::now();
  auto first = send(*client, impatient(60ms));
  auto second = send(*client, post());
  const auto both_sent = steady_clock::now();
  EXPECT_THAT(await(std::move(first)), is_error(client_errc::timeout));
  auto result = await(std::move(second));
  ASSERT_THAT(result, is_reply(200, "ok"));
  EXPECT_GE(result->timing.waiting + (both_sent - begin), 60ms);
  EXPECT_LT(result->timing.first_byte, result->timing.total - 30ms);
}

TEST(client_timing, of_a_first_byte_does_not_wait_for_the_rest) {
  script_server server{[](server_peer& peer, int) {
    peer.read_request();
    peer.write("HTTP/1.1 200 ");
    peer.wait_for_close();
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  auto result = ask(*client, impatient(100ms));
  ASSERT_THAT(result, is_error(client_errc::timeout));
  EXPECT_GT(result.error().timing.first_byte, 0us);
  EXPECT_GE(result.error().timing.total, 100ms);
  EXPECT_LT(result.error().timing.first_byte, result.error().timing.total);
}

TEST(client_timing, of_an_error_goes_as_far_as_it_got) {
  full_listener listener;
  client_runner runner;
  auto config = config_for(listener.port());
  config.connect_timeout = 50ms;
  auto client = runner.make(config);
  auto result = ask(*client);
  ASSERT_THAT(result, is_error(client_errc::connect_timeout));
  const auto& timing = result.error().timing;
  EXPECT_GE(timing.connect + timing.waiting, 45ms);
  EXPECT_EQ(timing.resolve + timing.tls + timing.first_byte, 0us);
  EXPECT_LE(sum_of_parts(timing), timing.total);
}

TEST(client_timing, of_who_never_got_a_connection_is_all_waiting) {
  script_server server{silent()};
  client_runner runner;
  auto config = config_for(server.port());
  config.max_connections = 1;
  auto client = runner.make(config);
  auto first = send(*client, post());
  auto result = ask(*client, impatient(50ms));
  ASSERT_THAT(result, is_error(client_errc::timeout));
  EXPECT_GE(result.error().timing.waiting, 50ms);
  EXPECT_EQ(result.error().timing.connect, 0us);
  client->close();
  await(std::move(first));
}

} // namespace
} // namespace mfo::http
