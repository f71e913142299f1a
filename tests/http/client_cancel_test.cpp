// Requests that nobody wants any more.

#include "tests/support/http_client_runner.hpp"
#include "tests/support/http_script_server.hpp"

#include <gmock/gmock.h>

namespace mfo::http {
namespace {

using namespace mfo::test;
using namespace std::chrono_literals;

client_request with_ticket(std::uint64_t ticket) {
  auto request = post();
  request.ticket = ticket;
  return request;
}

TEST(client_cancel, ends_a_request_on_the_wire_and_its_connection) {
  script_server server{[](server_peer& peer, int) {
    peer.read_request();
    peer.wait_for_close();
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  auto answer = send(*client, with_ticket(7));
  EXPECT_TRUE(eventually([&] { return server.connections() == 1; }));
  client->cancel(8);
  client->cancel(7);
  EXPECT_THAT(await(std::move(answer)), is_error(client_errc::cancelled));
  EXPECT_TRUE(eventually([&] { return server.finished() == 1; }));
  EXPECT_EQ(client->stats().open, 0u);
}

TEST(client_cancel, ends_a_request_that_waits_and_no_other) {
  std::promise<void> go_on;
  script_server server{[&](server_peer& peer, int) {
    peer.read_request();
    go_on.get_future().wait();
    while (peer.write(reply_of("ok")) && peer.read_request()) {
    }
  }};
  client_runner runner;
  auto config = config_for(server.port());
  config.max_connections = 1;
  auto client = runner.make(config);
  auto first = send(*client, with_ticket(1));
  auto second = send(*client, with_ticket(2));
  auto third = send(*client, with_ticket(3));
  client->cancel(2);
  auto cancelled = await(std::move(second));
  EXPECT_THAT(cancelled, is_error(client_errc::cancelled));
  EXPECT_THAT(cancelled, is_unsent());
  go_on.set_value();
  EXPECT_THAT(await(std::move(first)), is_reply(200, "ok"));
  EXPECT_THAT(await(std::move(third)), is_reply(200, "ok"));
}

TEST(client_cancel, gives_the_connection_s_place_to_who_waits) {
  script_server server{[](server_peer& peer, int number) {
    peer.read_request();
    if (number == 0)
      peer.wait_for_close();
    else
      peer.write(reply_of("ok"));
  }};
  client_runner runner;
  auto config = config_for(server.port());
  config.max_connections = 1;
  auto client = runner.make(config);
  auto first = send(*client, with_ticket(1));
  auto second = send(*client, with_ticket(2));
  EXPECT_TRUE(eventually([&] { return server.connections() == 1; }));
  client->cancel(1);
  EXPECT_THAT(await(std::move(first)), is_error(client_errc::cancelled));
  EXPECT_THAT(await(std::move(second)), is_reply(200, "ok"));
}

TEST(client_cancel, leaves_alone_what_was_answered) {
  script_server server{always(reply_of("ok"))};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  EXPECT_THAT(ask(*client, with_ticket(1)), is_reply(200, "ok"));
  client->cancel(1);
  EXPECT_THAT(ask(*client, with_ticket(2)), is_reply(200, "ok"));
  EXPECT_EQ(server.connections(), 1);
}

} // namespace
} // namespace mfo::http
