// HTTP/1.1 as a hostile, a careless or an odd sender speaks it, byte by byte
// over a socket to a real listener. Nothing that is no event becomes one.

#include "tests/http/hostile_bodies.hpp"
#include "tests/http/hostile_heads.hpp"
#include "tests/http/listener_fixture.hpp"
#include "tests/support/wait_until.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>

namespace mfo::http {

namespace {

using namespace std::chrono_literals;
using hostile::post;
using hostile::sample;
using hostile::then;

const std::string good = post("Content-Length: 2\r\n", "{}");

struct a_hostile_sender : listener_fixture {
  a_hostile_sender() {
    admit = [this](const exchange_ptr& one) {
      ++events;
      one->finish({});
    };
  }

  /// How much of it may be sent in pieces. A path that is not there has its
  /// connection closed, unless the body came along with the head.
  static std::size_t divisible(const sample& each) {
    const bool unknown =
        std::ranges::find(each.answers, 404) != std::ranges::end(each.answers);
    const auto end = each.bytes.find("\r\n\r\n");
    return unknown && end != std::string::npos ? end + 3 : each.bytes.size();
  }

  static void send_whole(raw_client& client, const sample& each) {
    client.write(each.bytes);
  }

  /// Byte by byte, as far as it may be sent so.
  static void send_in_pieces(raw_client& client, const sample& each) {
    const std::string_view bytes{each.bytes};
    const auto rest = divisible(each);
    for (std::size_t at = 0; at < rest; ++at)
      client.write(bytes.substr(at, 1));
    if (rest < bytes.size())
      client.write(bytes.substr(rest));
  }

  /// Sends it on a connection of its own, and reads what comes.
  void expect(const sample& each, void (*send)(raw_client&, const sample&)) {
    SCOPED_TRACE(each.name);
    const auto before = events.load();
    raw_client client{port()};
    send(client, each);
    for (const auto status : each.answers) {
      auto answer = client.read();
      if (answer.status == 100) // the body was not there yet
        answer = client.read();
      EXPECT_EQ(answer.status, status) << answer.body;
      EXPECT_TRUE(answer.whole);
    }
    EXPECT_EQ(events - before, each.events);
    if (each.connection == then::goes_on) {
      client.write(good);
      EXPECT_EQ(client.read().status, 202) << "the connection goes on";
      return;
    }
    EXPECT_EQ(client.read_all(), "");
    EXPECT_TRUE(client.closed());
    EXPECT_FALSE(client.reset());
    EXPECT_EQ(events - before, each.events);
  }

  void expect(const hostile::samples& all) {
    open();
    for (const auto& each : all) {
      expect(each, send_whole);
      // Again in pieces, as far as that does not take all day.
      if (each.bytes.size() < 500)
        expect(each, send_in_pieces);
      if (HasFatalFailure())
        return;
    }
  }

  std::atomic<std::size_t> events{0};
};

TEST_F(a_hostile_sender, is_not_let_choose_where_a_body_ends) {
  expect(hostile::lengths());
}

TEST_F(a_hostile_sender, is_not_let_choose_where_a_line_ends) {
  expect(hostile::lines());
}

TEST_F(a_hostile_sender, sends_chunks_to_the_letter_or_none) {
  expect(hostile::chunks());
}

TEST_F(a_hostile_sender, sends_a_request_line_to_the_letter) {
  expect(hostile::request_lines());
}

TEST_F(a_hostile_sender, is_refused_for_a_head_before_its_body_comes) {
  open();
  raw_client client{port()};
  client.write(
      "POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read().status, 404);
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(client.closed());
}

TEST_F(a_hostile_sender, finds_no_second_way_to_a_path) {
  expect(hostile::paths());
}

TEST_F(a_hostile_sender, names_one_host_that_may_be_one) {
  expect(hostile::hosts());
}

TEST_F(a_hostile_sender, asks_for_things_about_its_connection) {
  expect(hostile::connections());
}

TEST_F(a_hostile_sender, has_a_bound_to_its_heads) {
  expect(hostile::heads());
}

TEST_F(a_hostile_sender, is_told_the_one_method_whatever_it_uses) {
  open();
  for (const std::string method :
       {"GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW",
        "post", "POSTS", "QUERY"}) {
    SCOPED_TRACE(method);
    raw_client client{port()};
    client.write(hostile::with_line(
        method + (method == "CONNECT" ? " a:443" : " /hook") + " HTTP/1.1"));
    const auto answer = client.read();
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(answer.header("allow"), "POST");
  }
  EXPECT_EQ(events, 0u);
}

TEST_F(a_hostile_sender, may_fill_a_head_to_a_bound_however_large) {
  settings.limits.max_header = 1024 * 1024;
  open();
  raw_client client{port()};
  client.write(post(
      "X: " + std::string(1'000'000, 'x') + "\r\nContent-Length: 2\r\n", "{}"));
  EXPECT_EQ(client.read().status, 202);
}

TEST_F(a_hostile_sender, is_waited_for_no_longer_however_it_drips) {
  settings.limits.header_timeout = 100ms;
  settings.limits.body_timeout = 100ms;
  open();
  for (const auto& begin :
       {std::string{"POST /hook HTTP/1.1\r\nX: "},
        post("Content-Length: 100000\r\n"), hostile::chunked("1;"),
        hostile::chunked("2\r\n{}\r\n0\r\nX: ")}) {
    SCOPED_TRACE(begin);
    raw_client client{port()};
    client.write(begin);
    std::string got;
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!client.closed() && std::chrono::steady_clock::now() < deadline) {
      client.write("x");
      got += client.read_all(5);
    }
    EXPECT_TRUE(got.starts_with("HTTP/1.1 408 ")) << got;
    EXPECT_TRUE(client.closed());
  }
  EXPECT_EQ(events, 0u);
}

TEST_F(a_hostile_sender, is_waited_for_no_longer_when_chunks_never_end) {
  settings.limits.body_timeout = 100ms;
  open();
  raw_client client{port()};
  client.write(hostile::chunked("2\r\n{}\r\n"));
  EXPECT_EQ(client.read().status, 408);
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(events, 0u);
}

TEST_F(a_hostile_sender, makes_no_event_of_half_a_request) {
  open();
  for (const auto& text :
       {std::string{"POST /hook HT"}, post("Content-Length: 3\r\n", "{}"),
        hostile::chunked("2\r\n{}\r\n"), hostile::chunked("2\r\n{}\r\n0\r\n"),
        hostile::chunked("2\r\n{"), hostile::chunked("2")}) {
    SCOPED_TRACE(text);
    raw_client ends{port()};
    ends.write(text);
    ends.end_writing();
    EXPECT_EQ(ends.read_all(), "");
    EXPECT_TRUE(ends.closed());
    raw_client resets{port()};
    resets.write(text);
    resets.reset_connection();
  }
  EXPECT_TRUE(support::wait_until([&] { return door->connections() == 0; }));
  EXPECT_EQ(events, 0u);
  EXPECT_EQ(books().received, 0u);
  EXPECT_EQ(ask("POST", "/hook", "{}").status, 202) << "the listener lives on";
}

TEST_F(a_hostile_sender, hears_all_answers_when_it_has_ended_its_own_side) {
  open();
  raw_client client{port()};
  client.write(good + good + good);
  client.end_writing();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(client.read().status, 202);
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(client.closed());
}

} // namespace

} // namespace mfo::http
