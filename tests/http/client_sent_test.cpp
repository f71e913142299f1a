// When the client vouches for it that the server saw nothing of a request.

#include "tests/support/http_client_runner.hpp"
#include "tests/support/http_full_listener.hpp"
#include "tests/support/http_script_server.hpp"

#include <gmock/gmock.h>

#include <latch>

namespace mfo::http {
namespace {

using namespace mfo::test;
using namespace std::chrono_literals;
using testing::AllOf;

TEST(client_sent, is_false_without_a_connection) {
  client_runner runner;
  auto config = config_for(80);
  config.server.host = "no-such-host.invalid";
  EXPECT_THAT(ask(*runner.make(config)),
              AllOf(is_error(client_errc::resolve_failed), is_unsent()));

  std::uint16_t nobody = 0;
  {
    script_server gone{silent()};
    nobody = gone.port();
  }
  EXPECT_THAT(ask(*runner.make(config_for(nobody))),
              AllOf(is_error(client_errc::connect_failed), is_unsent()));

  full_listener full;
  config = config_for(full.port());
  config.connect_timeout = 30ms;
  auto client = runner.make(config);
  EXPECT_THAT(ask(*client),
              AllOf(is_error(client_errc::connect_timeout), is_unsent()));
  config.connect_timeout = 10s;
  client = runner.make(config);
  EXPECT_THAT(ask(*client, impatient(30ms)),
              AllOf(is_error(client_errc::timeout), is_unsent()));
}

TEST(client_sent, is_false_when_tls_does_not_come_about) {
  script_server plain{[](server_peer& peer, int) {
    peer.read_some();
    peer.write("HTTP/1.1 400 Bad Request\r\n\r\n");
  }};
  client_runner runner;
  auto config = config_for(plain.port());
  config.server.tls = true;
  EXPECT_THAT(ask(*runner.make(config)),
              AllOf(is_error(client_errc::tls_failed), is_unsent()));

  script_server quiet{silent()};
  config.server.port = quiet.port();
  config.connect_timeout = 30ms;
  EXPECT_THAT(ask(*runner.make(config)),
              AllOf(is_error(client_errc::connect_timeout), is_unsent()));
}

TEST(client_sent, is_false_for_what_never_left_the_queue) {
  script_server server{silent()};
  client_runner runner;
  auto config = config_for(server.port());
  config.max_connections = 1;
  config.max_waiting = 1;
  auto client = runner.make(config);
  auto first = send(*client, post());
  EXPECT_THAT(ask(*client, impatient(30ms)),
              AllOf(is_error(client_errc::timeout), is_unsent()));
  auto waiting = send(*client, post());
  EXPECT_THAT(ask(*client),
              AllOf(is_error(client_errc::queue_full), is_unsent()));
  client->close();
  EXPECT_THAT(ask(*client), AllOf(is_error(client_errc::closed), is_unsent()));
  EXPECT_THAT(await(std::move(waiting)),
              AllOf(is_error(client_errc::closed), is_unsent()));
  await(std::move(first));
}

TEST(client_sent, is_false_for_what_must_not_be_sent) {
  client_runner runner;
  auto request = post();
  request.target = "no slash";
  EXPECT_THAT(ask(*runner.make(config_for(1)), request),
              AllOf(is_error(client_errc::invalid_request), is_unsent()));
}

TEST(client_sent, is_true_once_the_server_has_it) {
  std::latch here{1};
  script_server server{[&](server_peer& peer, int number) {
    peer.read_request();
    if (number == 0) {
      here.count_down();
      peer.wait_for_close();
    }
    if (number == 2)
      peer.reset();
    if (number == 3)
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort");
    if (number == 4)
      peer.wait_for_close();
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  auto outstanding = send(*client, post());
  here.wait();
  client->close();
  EXPECT_THAT(await(std::move(outstanding)),
              AllOf(is_error(client_errc::closed), is_sent()));
  client = runner.make(config_for(server.port()));
  for (int closed_reset_and_cut = 0; closed_reset_and_cut < 3;
       ++closed_reset_and_cut)
    EXPECT_THAT(ask(*client),
                AllOf(is_error(client_errc::reply_broken), is_sent()));
  EXPECT_THAT(ask(*client, impatient(50ms)),
              AllOf(is_error(client_errc::timeout), is_sent()));
}

TEST(client_sent, is_true_when_a_part_has_left) {
  script_server server{[](server_peer& peer, int) {
    peer.read_some();
    peer.reset();
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  EXPECT_THAT(ask(*client, post(std::string(8 * 1024 * 1024, 'x'))),
              AllOf(is_error(client_errc::send_failed), is_sent()));
}

TEST(client_sent, is_true_when_a_kept_connection_closes_under_a_request) {
  script_server server{[](server_peer& peer, int) {
    peer.read_request();
    peer.write(reply_of("ok"));
    peer.read_request();
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  EXPECT_THAT(ask(*client), is_reply(200, "ok"));
  EXPECT_THAT(ask(*client),
              AllOf(is_error(client_errc::reply_broken), is_sent()));
}

} // namespace
} // namespace mfo::http
