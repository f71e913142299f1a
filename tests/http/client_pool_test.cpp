// The connections of the client: reused, bounded, replaced when they die.

#include "tests/support/http_client_runner.hpp"
#include "tests/support/http_script_server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <gmock/gmock.h>

#include <latch>
#include <map>
#include <mutex>
#include <semaphore>

namespace mfo::http {
namespace {

using namespace mfo::test;
using namespace std::chrono_literals;

TEST(client_pool, sends_requests_in_turn_over_one_connection) {
  script_server server{always(reply_of("ok"))};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  for (int i = 0; i < 5; ++i)
    ASSERT_THAT(ask(*client), is_reply(200, "ok"));
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(client->stats().opened, 1u);
  EXPECT_EQ(client->stats().open, 1u);
  EXPECT_EQ(client->stats().idle, 1u);
}

TEST(client_pool, never_opens_more_connections_than_allowed) {
  script_server server{always(reply_of("ok"))};
  client_runner runner;
  auto config = config_for(server.port());
  config.max_connections = 8;
  auto client = runner.make(config);
  std::vector<std::future<client_result>> answers;
  for (int i = 0; i < 100; ++i)
    answers.push_back(send(*client, post()));
  for (auto& answer : answers)
    EXPECT_THAT(await(std::move(answer)), is_reply(200, "ok"));
  EXPECT_LE(server.connections(), 8);
  EXPECT_LE(client->stats().opened, 8u);
  EXPECT_EQ(client->stats().waiting, 0u);
}

TEST(client_pool, takes_requests_from_many_threads) {
  script_server server{always(reply_of("ok"))};
  client_runner runner;
  auto config = config_for(server.port());
  config.max_connections = 4;
  auto client = runner.make(config);
  std::atomic<int> good{0};
  std::vector<std::thread> senders;
  for (int i = 0; i < 4; ++i)
    senders.emplace_back([&] {
      for (int k = 0; k < 50; ++k)
        if (auto result = ask(*client); result && result->status == 200)
          ++good;
    });
  for (auto& sender : senders)
    sender.join();
  EXPECT_EQ(good, 200);
}

TEST(client_pool, refuses_at_once_what_finds_the_queue_full) {
  std::binary_semaphore go_on{0};
  script_server server{[&](server_peer& peer, int) {
    while (peer.read_request()) {
      go_on.acquire();
      go_on.release();
      peer.write(reply_of("ok"));
    }
  }};
  client_runner runner;
  auto config = config_for(server.port());
  config.max_connections = 1;
  config.max_waiting = 2;
  auto client = runner.make(config);
  std::vector<std::future<client_result>> accepted;
  for (int i = 0; i < 3; ++i)
    accepted.push_back(send(*client, post()));
  auto refused = send(*client, post());
  ASSERT_EQ(refused.wait_for(0s), std::future_status::ready);
  EXPECT_THAT(refused.get(), is_error(client_errc::queue_full));
  EXPECT_TRUE(eventually([&] { return client->stats().waiting == 2; }));
  go_on.release();
  for (auto& answer : accepted)
    EXPECT_THAT(await(std::move(answer)), is_reply(200, "ok"));
}

TEST(client_pool, uses_the_connection_that_was_used_last) {
  std::latch both_here{2};
  script_server server{[&](server_peer& peer, int number) {
    for (int request = 0; peer.read_request(); ++request) {
      if (request == 0)
        both_here.arrive_and_wait();
      peer.write(reply_of(std::to_string(number)));
    }
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  auto first = send(*client, post());
  auto second = send(*client, post());
  await(std::move(first));
  await(std::move(second));
  auto used = ask(*client);
  ASSERT_TRUE(used);
  for (int i = 0; i < 5; ++i)
    EXPECT_THAT(ask(*client), is_reply(200, used->body));
  EXPECT_EQ(server.connections(), 2);
}

TEST(client_pool, replaces_a_connection_that_the_server_closed_while_idle) {
  script_server server{[](server_peer& peer, int number) {
    peer.read_request();
    peer.write(reply_of(std::to_string(number)));
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  for (int i = 0; i < 3; ++i) {
    ASSERT_THAT(ask(*client), is_reply(200, std::to_string(i)));
    // Loopback delivers a FIN within the call that sends it.
    ASSERT_TRUE(eventually([&] { return server.finished() == i + 1; }));
  }
}

TEST(client_pool, replaces_a_connection_with_bytes_that_nobody_asked_for) {
  script_server server{[](server_peer& peer, int number) {
    for (int request = 0; peer.read_request(); ++request)
      peer.write(reply_of(std::to_string(number)) +
                 "HTTP/1.1 408 Request Timeout\r\n\r\n");
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  EXPECT_THAT(ask(*client), is_reply(200, "0"));
  EXPECT_THAT(ask(*client), is_reply(200, "1"));
}

TEST(client_pool, reports_a_kept_connection_that_breaks_under_a_request) {
  script_server server{[](server_peer& peer, int) {
    peer.read_request();
    peer.write(reply_of("ok"));
    peer.read_request();
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  EXPECT_THAT(ask(*client), is_reply(200, "ok"));
  EXPECT_THAT(ask(*client), is_error_with(client_errc::reply_broken, "kept"));
  EXPECT_THAT(ask(*client), is_reply(200, "ok"));
}

TEST(client_pool, never_sends_a_request_twice) {
  std::mutex mutex;
  std::map<std::string, int> seen;
  std::map<std::string, int> replied;
  script_server server{[&](server_peer& peer, int number) {
    // Some requests on a kept connection are read and never answered; some
    // meet a close that was on its way.
    for (int request = 0; auto got = peer.read_request(); ++request) {
      {
        std::lock_guard guard{mutex};
        ++seen[got->body()];
        if (request > number % 3)
          return;
        ++replied[got->body()];
      }
      peer.write(reply_of(got->body()));
    }
  }};
  client_runner runner;
  auto config = config_for(server.port());
  config.max_connections = 4;
  auto client = runner.make(config);
  constexpr int count = 400;
  std::vector<std::future<client_result>> answers;
  for (int i = 0; i < count; ++i)
    answers.push_back(send(*client, post(std::to_string(i))));
  for (int i = 0; i < count; ++i) {
    const auto body = std::to_string(i);
    auto result = await(std::move(answers[static_cast<std::size_t>(i)]));
    std::lock_guard guard{mutex};
    EXPECT_LE(seen[body], 1) << "request " << i;
    if (result) {
      EXPECT_THAT(result, is_reply(200, body));
    } else if (seen[body] == 1) {
      EXPECT_THAT(result, is_sent()) << "request " << i;
    }
    EXPECT_LE(result ? 1 : 0, replied[body]);
  }
}

TEST(client_pool, closes_what_was_idle_for_too_long) {
  std::binary_semaphore closed{0};
  script_server server{[&](server_peer& peer, int) {
    peer.read_request();
    peer.write(reply_of("ok"));
    peer.wait_for_close();
    closed.release();
  }};
  client_runner runner;
  auto config = config_for(server.port());
  config.idle_timeout = 50ms;
  auto client = runner.make(config);
  EXPECT_THAT(ask(*client), is_reply(200, "ok"));
  EXPECT_TRUE(closed.try_acquire_for(20s));
  EXPECT_TRUE(eventually([&] { return client->stats().open == 0; }));
}

TEST(client_pool, does_not_keep_what_the_server_will_close) {
  for (const std::string head :
       {"HTTP/1.1 200 OK\r\nConnection: close\r\n", "HTTP/1.0 200 OK\r\n"}) {
    script_server server{always(head + "Content-Length: 2\r\n\r\nok")};
    client_runner runner;
    auto client = runner.make(config_for(server.port()));
    EXPECT_THAT(ask(*client), is_reply(200, "ok"));
    EXPECT_EQ(client->stats().open, 0u);
    EXPECT_THAT(ask(*client), is_reply(200, "ok"));
    EXPECT_EQ(server.connections(), 2);
  }
}

TEST(client_pool, keeps_an_http_1_0_connection_that_the_server_keeps) {
  script_server server{always("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n"
                              "Content-Length: 2\r\n\r\nok")};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  EXPECT_THAT(ask(*client), is_reply(200, "ok"));
  EXPECT_THAT(ask(*client), is_reply(200, "ok"));
  EXPECT_EQ(server.connections(), 1);
}

TEST(client_pool, reports_a_refused_connection) {
  std::uint16_t port = 0;
  {
    script_server gone{always(reply_of("ok"))};
    port = gone.port();
  }
  client_runner runner;
  auto client = runner.make(config_for(port));
  EXPECT_THAT(ask(*client),
              is_error_with(client_errc::connect_failed, "Connection refused"));
}

TEST(client_pool, gives_the_place_of_a_failed_connection_to_who_waits) {
  script_server server{[](server_peer& peer, int number) {
    if (number == 0)
      return peer.reset();
    while (peer.read_request() && peer.write(reply_of("ok"))) {
    }
  }};
  client_runner runner;
  auto config = config_for(server.port());
  config.max_connections = 1;
  auto client = runner.make(config);
  auto first = send(*client, post());
  auto second = send(*client, post());
  EXPECT_FALSE(await(std::move(first)));
  EXPECT_THAT(await(std::move(second)), is_reply(200, "ok"));
}

TEST(client_pool, reports_a_name_without_an_address) {
  client_runner runner;
  auto config = config_for(80);
  config.server.host = "no-such-host.invalid";
  auto client = runner.make(config);
  auto result = ask(*client);
  EXPECT_THAT(result, is_error_with(client_errc::resolve_failed,
                                    "no-such-host.invalid"));
}

TEST(client_pool, finds_the_server_by_name) {
  script_server server{always(reply_of("ok"))};
  client_runner runner;
  auto config = config_for(server.port());
  config.server.host = "localhost"; // may be ::1 first: both are tried
  auto client = runner.make(config);
  EXPECT_THAT(ask(*client), is_reply(200, "ok"));
}

TEST(client_pool, reaches_an_ipv6_address) {
  std::optional<script_server> server;
  try {
    server.emplace(
        [](server_peer& peer, int) {
          auto request = peer.read_request();
          if (request)
            peer.write(reply_of(std::string{(*request)["Host"]}));
        },
        script_server::options{"::1", {}});
  } catch (const boost::system::system_error& error) {
    GTEST_SKIP() << "no IPv6 on loopback: " << error.what();
  }
  client_runner runner;
  auto config = config_for(server->port());
  config.server.host = "::1";
  auto client = runner.make(config);
  EXPECT_THAT(ask(*client),
              is_reply(200, "[::1]:" + std::to_string(server->port())));
}

TEST(client_pool, answers_everything_when_it_is_closed) {
  script_server server{[](server_peer& peer, int) {
    peer.read_request();
    peer.wait_for_close();
  }};
  client_runner runner;
  auto config = config_for(server.port());
  config.max_connections = 2;
  auto client = runner.make(config);
  std::vector<std::future<client_result>> answers;
  for (int i = 0; i < 10; ++i)
    answers.push_back(send(*client, post()));
  client->close();
  client->close();
  answers.push_back(send(*client, post()));
  EXPECT_EQ(answers.back().wait_for(0s), std::future_status::ready);
  for (auto& answer : answers)
    EXPECT_THAT(await(std::move(answer)), is_error(client_errc::closed));
  EXPECT_TRUE(eventually([&] { return client->stats().open == 0; }));
}

TEST(client_pool, is_closed_by_its_destruction) {
  script_server server{[](server_peer& peer, int) {
    peer.wait_for_close();
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  auto answer = send(*client, post());
  client.reset();
  EXPECT_THAT(await(std::move(answer)), is_error(client_errc::closed));
}

TEST(client_pool, may_be_used_and_destroyed_by_a_callback) {
  script_server server{always(reply_of("ok"))};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  std::promise<client_result> second;
  client->send(post(), [&](client_result) {
    client->send(post(),
                 [&](client_result result) { second.set_value(result); });
    client.reset();
  });
  EXPECT_THAT(await(second.get_future()), is_error(client_errc::closed));
}

TEST(client_pool, answers_what_an_abandoned_context_leaves) {
  int answered = 0;
  std::vector<std::shared_ptr<client>> clients;
  boost::asio::io_context io;
  for (auto& made : {make_beast_client(io, config_for(1)),
                     make_beast_client(io, config_for(1))})
    clients.push_back(*made);
  for (auto& each : clients)
    each->send(post(), [&](const client_result& result) {
      EXPECT_THAT(result, is_error(client_errc::closed));
      ++answered;
    });
  clients[0]->close();
  clients.clear();
  // Nobody runs the context any more; destroying it ends the wait.
  {
    boost::asio::io_context other;
    auto orphan = *make_beast_client(other, config_for(1));
    orphan->send(post(), [&](const client_result&) { ++answered; });
    orphan.reset();
  }
  EXPECT_EQ(answered, 1);
  io.run();
  EXPECT_EQ(answered, 3);
}

TEST(client_pool, refuses_what_would_break_the_framing) {
  client_runner runner;
  auto client = runner.make(config_for(1));
  auto request = post();
  request.headers = {{"X-Id", "secret\r\nX-Other: 1"}};
  auto result = ask(*client, request);
  ASSERT_THAT(result, is_error_with(client_errc::invalid_request, "X-Id"));
  EXPECT_EQ(result.error().detail.find("secret"), std::string::npos);
}

} // namespace
} // namespace mfo::http
