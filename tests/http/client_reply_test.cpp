// What the client makes of what servers say, whole, broken or hostile.

#include "tests/support/http_client_runner.hpp"
#include "tests/support/http_script_server.hpp"

#include <gmock/gmock.h>

namespace mfo::http {
namespace {

using namespace mfo::test;
using testing::ElementsAre;
using testing::Pair;

/// Answers one request with these bytes and closes.
script_server::script once(std::string bytes) {
  return [bytes = std::move(bytes)](server_peer& peer, int) {
    if (peer.read_request())
      peer.write(bytes);
  };
}

/// What a client makes of these bytes, followed by a close.
client_result reply_to(std::string bytes, client_config config = {},
                       client_request request = post()) {
  script_server server{once(std::move(bytes))};
  client_runner runner;
  config.server = config_for(server.port()).server;
  auto client = runner.make(config);
  return ask(*client, std::move(request));
}

TEST(client_request, arrives_as_given) {
  std::promise<http_request> seen;
  script_server server{[&](server_peer& peer, int) {
    if (auto request = peer.read_request())
      seen.set_value(*request);
    peer.write(reply_of(""));
  }};
  client_runner runner;
  auto config = config_for(server.port());
  config.server.base_path = "/base";
  config.user_agent = "mfo-node/1";
  auto client = runner.make(config);
  auto request = post("{\"a\": 1.0}");
  request.target = "/api/events?x=%20";
  request.headers = {
      {"Content-Type", "application/json"}, {"X-Twice", "1"}, {"X-Twice", "2"}};
  EXPECT_THAT(ask(*client, request), is_reply(200, ""));
  auto got = seen.get_future().get();
  EXPECT_EQ(got.method_string(), "POST");
  EXPECT_EQ(got.target(), "/base/api/events?x=%20");
  EXPECT_EQ(got["Host"], "127.0.0.1:" + std::to_string(server.port()));
  EXPECT_EQ(got["User-Agent"], "mfo-node/1");
  EXPECT_EQ(got["Content-Type"], "application/json");
  EXPECT_EQ(got.count("X-Twice"), 2u);
  EXPECT_EQ(got["Content-Length"], "10");
  EXPECT_EQ(got.body(), "{\"a\": 1.0}");
}

TEST(client_request, carries_a_large_body_whole) {
  std::promise<std::size_t> seen;
  script_server server{[&](server_peer& peer, int) {
    if (auto request = peer.read_request())
      seen.set_value(std::hash<std::string>{}(request->body()));
    peer.write(reply_of(""));
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  std::string body(900'000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i)
    body[i] = static_cast<char>(i * 31 / 7);
  EXPECT_THAT(ask(*client, post(body)), is_reply(200, ""));
  EXPECT_EQ(seen.get_future().get(), std::hash<std::string>{}(body));
}

TEST(client_request, has_no_length_without_a_body_where_none_is_expected) {
  script_server server{[](server_peer& peer, int) {
    while (auto request = peer.read_request())
      peer.write(reply_of(request->count("Content-Length") ? "yes" : "no"));
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  client_request get;
  get.method = "GET";
  get.target = "/info";
  EXPECT_THAT(ask(*client, get), is_reply(200, "no"));
  EXPECT_THAT(ask(*client, post("")), is_reply(200, "yes"));
}

TEST(client_reply, keeps_the_headers_in_order) {
  auto result = reply_to("HTTP/1.1 503 No\r\nRetry-After: 3\r\nB: 1\r\n"
                         "b:  2 \r\nContent-Length: 0\r\n\r\n");
  ASSERT_THAT(result, is_reply(503, ""));
  EXPECT_THAT(result->headers,
              ElementsAre(Pair("Retry-After", "3"), Pair("B", "1"),
                          Pair("b", "2"), Pair("Content-Length", "0")));
}

TEST(client_reply, may_come_in_chunks_of_one_byte) {
  script_server server{[](server_peer& peer, int) {
    while (peer.read_request()) {
      peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (char c : std::string{"one byte"})
        peer.write(std::string{"1;ext=a\r\n"} + c + "\r\n");
      peer.write("0\r\nX-Trailer: 1\r\n\r\n");
    }
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  for (int i = 0; i < 2; ++i) {
    auto result = ask(*client);
    ASSERT_THAT(result, is_reply(200, "one byte"));
    EXPECT_EQ(result->headers.first("X-Trailer"), "");
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(client_reply, may_come_byte_by_byte) {
  script_server server{[](server_peer& peer, int) {
    peer.read_request();
    for (char c : reply_of("slow"))
      peer.write({&c, 1});
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  EXPECT_THAT(ask(*client), is_reply(200, "slow"));
}

TEST(client_reply, may_end_with_the_connection) {
  EXPECT_THAT(reply_to("HTTP/1.1 200 OK\r\n\r\nto the end"),
              is_reply(200, "to the end"));
  EXPECT_THAT(reply_to("HTTP/1.1 200 OK\r\n\r\n"), is_reply(200, ""));
}

TEST(client_reply, has_no_body_where_http_says_so) {
  script_server server{[](server_peer& peer, int) {
    while (auto request = peer.read_request()) {
      if (request->method_string() == "HEAD")
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
      else if (request->target() == "/304")
        peer.write("HTTP/1.1 304 No\r\nContent-Length: 5\r\n\r\n");
      else
        peer.write("HTTP/1.1 204 No\r\n\r\n");
    }
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  auto head = post("");
  head.method = "HEAD";
  EXPECT_THAT(ask(*client, head), is_reply(200, ""));
  auto unchanged = post();
  unchanged.target = "/304";
  EXPECT_THAT(ask(*client, unchanged), is_reply(304, ""));
  EXPECT_THAT(ask(*client), is_reply(204, ""));
  EXPECT_EQ(server.connections(), 1);
}

TEST(client_reply, comes_after_interim_ones) {
  EXPECT_THAT(reply_to("HTTP/1.1 100 Continue\r\n\r\n"
                       "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" +
                       reply_of("final")),
              is_reply(200, "final"));
}

TEST(client_reply, comes_after_any_number_of_interim_ones) {
  std::string all;
  for (int i = 0; i < 20'000; ++i)
    all += "HTTP/1.1 102 \r\n\r\n";
  EXPECT_THAT(reply_to(all + reply_of("final")), is_reply(200, "final"));
}

TEST(client_reply, is_broken_when_it_switches_protocols) {
  EXPECT_THAT(reply_to("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"),
              is_error(client_errc::reply_broken));
}

TEST(client_reply, redirects_are_not_followed) {
  script_server server{always("HTTP/1.1 307 Elsewhere\r\nLocation: /other\r\n"
                              "Content-Length: 0\r\n\r\n")};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  auto result = ask(*client);
  ASSERT_THAT(result, is_reply(307, ""));
  EXPECT_EQ(result->headers.first("location"), "/other");
  EXPECT_EQ(server.connections(), 1);
}

TEST(client_reply, is_broken_when_cut_anywhere) {
  const auto whole = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody";
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked"
                              "\r\n\r\n4\r\nbody\r\n0\r\n\r\n";
  for (const std::string& reply : {std::string{whole}, chunked})
    for (std::size_t cut = 0; cut < reply.size(); cut += 3)
      EXPECT_THAT(reply_to(reply.substr(0, cut)),
                  is_error(client_errc::reply_broken))
          << "after " << cut << " bytes of\n"
          << reply;
}

TEST(client_reply, is_broken_when_it_is_not_http) {
  for (const std::string bytes :
       {"SSH-2.0-OpenSSH\r\n", "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"})
    EXPECT_THAT(reply_to(bytes), is_error(client_errc::reply_broken)) << bytes;
}

TEST(client_reply, is_broken_when_longer_announced_than_sent) {
  EXPECT_THAT(reply_to("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"),
              is_error(client_errc::reply_broken));
}

TEST(client_reply, bytes_beyond_its_length_do_not_reach_the_next_request) {
  script_server server{
      always("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more")};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  EXPECT_THAT(ask(*client), is_reply(200, "ok"));
  EXPECT_THAT(ask(*client), is_reply(200, "ok"));
  EXPECT_EQ(server.connections(), 2);
}

TEST(client_reply, has_a_bound_however_it_is_framed) {
  client_config config;
  config.max_response = 10;
  const std::string head = "HTTP/1.1 200 OK\r\n";
  EXPECT_THAT(reply_to(head + "Content-Length: 10\r\n\r\n0123456789", config),
              is_reply(200, "0123456789"));
  for (const std::string rest :
       {"Content-Length: 11\r\n\r\n", "\r\n01234567890",
        "Transfer-Encoding: chunked\r\n\r\n"
        "6\r\n012345\r\n6\r\n012345\r\n0\r\n\r\n",
        "Content-Length: 99999999999999999\r\n\r\n"})
    EXPECT_THAT(reply_to(head + rest, config),
                is_error(client_errc::reply_too_large))
        << rest;
}

TEST(client_reply, over_its_bound_is_not_read_to_the_end) {
  constexpr std::size_t announced = 100 * 1024 * 1024;
  const std::string piece(64 * 1024, 'x');
  for (const auto chunked : {false, true}) {
    std::size_t taken = 0;
    {
      script_server server{[&](server_peer& peer, int) {
        peer.read_request();
        peer.write("HTTP/1.1 200 OK\r\n");
        peer.write(chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n");
        const auto whole = chunked ? "10000\r\n" + piece + "\r\n" : piece;
        while (taken < announced && peer.write(whole))
          taken += piece.size();
      }};
      client_runner runner;
      auto client = runner.make(config_for(server.port()));
      EXPECT_THAT(ask(*client), is_error(client_errc::reply_too_large));
      EXPECT_TRUE(eventually([&] { return server.finished() == 1; }));
    }
    // The bound, 1 MiB, and what fits into both sockets' buffers.
    EXPECT_LT(taken, announced / 4);
  }
}

TEST(client_reply, has_a_bound_on_its_header) {
  auto big = "X-Big: " + std::string(40'000, 'x') + "\r\n";
  EXPECT_THAT(reply_to("HTTP/1.1 200 OK\r\n" + big + "\r\n"),
              is_error(client_errc::reply_too_large));
  auto many = std::string{};
  for (int i = 0; i < 5'000; ++i)
    many += "X: 1234567890\r\n";
  EXPECT_THAT(reply_to("HTTP/1.1 200 OK\r\n" + many + "\r\n"),
              is_error(client_errc::reply_too_large));
}

TEST(client_reply, errors_never_quote_what_the_server_said) {
  auto result = reply_to("HTTP/1.1 200 OK\r\nX: top\x01secret\r\n\r\n");
  ASSERT_THAT(result, is_error(client_errc::reply_broken));
  EXPECT_EQ(result.error().detail.find("secret"), std::string::npos);
}

TEST(client_reply, is_a_status_alone_where_that_is_enough) {
  script_server server{[](server_peer& peer, int) {
    for (const auto* status : {"202 Accepted", "503 Busy"})
      if (peer.read_request())
        peer.write("HTTP/1.1 " + std::string{status} +
                   "\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nmore");
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  auto request = post();
  request.status_is_enough = true;
  const auto good = ask(*client, request);
  ASSERT_TRUE(good);
  EXPECT_EQ(good->status, 202);
  EXPECT_TRUE(good->headers.empty());
  EXPECT_EQ(good->body, "");
  const auto bad = ask(*client, request);
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->status, 503);
  EXPECT_EQ(bad->headers.first("Retry-After"), "7");
  EXPECT_EQ(bad->body, "more");
  EXPECT_EQ(server.connections(), 1) << "what is unwanted was read, too";
}

TEST(client_reply, is_bounded_where_its_status_is_enough) {
  script_server server{always(reply_of(std::string(4096, 'x')))};
  client_runner runner;
  auto config = config_for(server.port());
  config.max_response = 1024;
  auto client = runner.make(config);
  auto request = post();
  request.status_is_enough = true;
  EXPECT_THAT(ask(*client, request), is_error(client_errc::reply_too_large));
}

TEST(client_reply, counts_even_if_the_server_did_not_read_the_request) {
  script_server server{[](server_peer& peer, int) {
    peer.read_some();
    peer.write("HTTP/1.1 413 Too Large\r\nConnection: close\r\n"
               "Content-Length: 2\r\n\r\nno");
    peer.reset(); // as closing with unread bytes does
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  auto result = ask(*client, post(std::string(8 * 1024 * 1024, 'x')));
  EXPECT_THAT(result, testing::AnyOf(is_reply(413, "no"),
                                     is_error(client_errc::send_failed)));
  EXPECT_EQ(client->stats().open, 0u);
}

TEST(client_reply, missing_after_a_broken_request_says_so) {
  script_server server{[](server_peer& peer, int) {
    peer.read_some();
    peer.reset();
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  EXPECT_THAT(ask(*client, post(std::string(8 * 1024 * 1024, 'x'))),
              is_error(client_errc::send_failed));
}

} // namespace
} // namespace mfo::http
