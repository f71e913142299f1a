// What the listener does with connections: how long they last, how many there
// are, and what is asked on them one after the other.

#include "tests/http/listener_fixture.hpp"
#include "tests/support/wait_until.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <string>

namespace mfo::http {

namespace {

using testing::StartsWith;
using namespace std::chrono_literals;
using core::errc;
using nlohmann::json;

struct a_connection : listener_fixture {};

const std::string request{"POST /hook HTTP/1.1\r\nHost: a\r\n"
                          "Content-Length: 2\r\n\r\n{}"};

TEST_F(a_connection, is_used_again) {
  open();
  raw_client client{port()};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.ask("POST", "/hook", "{}").status, 202);
    EXPECT_EQ(door->connections(), 1u);
  }
  EXPECT_EQ(books().delivered, 3u);
}

TEST_F(a_connection, is_used_again_after_a_refusal_of_the_handler) {
  open();
  raw_client client{port()};
  EXPECT_EQ(client.ask("POST", "/other", "{}").status, 404);
  EXPECT_EQ(client.ask("GET", "/hook").status, 405);
  EXPECT_EQ(client.ask("POST", "/hook", "{}").status, 202);
}

TEST_F(a_connection, ends_when_the_sender_asks_for_it) {
  open();
  raw_client client{port()};
  EXPECT_EQ(client.ask("POST", "/hook", "{}", {{"Connection", "close"}}).status,
            202);
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(client.closed());
}

TEST_F(a_connection, answers_pipelined_requests_in_order) {
  hold_events();
  open();
  raw_client client{port()};
  client.write("POST /hook HTTP/1.1\r\nHost: a\r\nX-Delivery: 1\r\n"
               "Content-Length: 1\r\n\r\n1"
               "POST /hook HTTP/1.1\r\nHost: a\r\nX-Delivery: 2\r\n"
               "Content-Length: 1\r\n\r\n2");
  std::vector<std::string> ids;
  for (const auto* payload : {"1", "2"}) {
    const auto one = take_held();
    ASSERT_TRUE(one);
    EXPECT_EQ(one->event()->payload(), payload);
    ids.push_back(one->event()->id);
    one->finish({});
  }
  for (const auto& id : ids) {
    const auto answer = client.read();
    EXPECT_EQ(answer.status, 202);
    EXPECT_EQ(json::parse(answer.body)["event_id"], id);
  }
}

TEST_F(a_connection, tells_a_sender_that_waits_to_go_on) {
  open();
  raw_client client{port()};
  client.write("POST /hook HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
               "Content-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read().status, 100);
  client.write("{}");
  EXPECT_EQ(client.read().status, 202);
}

TEST_F(a_connection, tells_a_sender_that_waits_at_once_that_it_is_too_much) {
  open();
  raw_client client{port()};
  client.write("POST /hook HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
               "Content-Length: 100001\r\n\r\n");
  expect_problem(client.read(), errc::payload_too_large, "orders");
}

TEST_F(a_connection, is_answered_when_the_sender_is_slow_with_the_head) {
  settings.limits.header_timeout = 50ms;
  open();
  raw_client client{port()};
  client.write("POST /hook HTTP/1.1\r\nHost: a\r\n");
  expect_problem(client.read(), errc::request_timeout, "none");
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(client.closed());
}

TEST_F(a_connection, is_answered_when_the_sender_is_slow_with_the_body) {
  settings.limits.body_timeout = 50ms;
  open();
  raw_client client{port()};
  client.write("POST /hook HTTP/1.1\r\nHost: a\r\n"
               "Content-Length: 5\r\n\r\nab");
  expect_problem(client.read(), errc::request_timeout, "orders");
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(client.closed());
}

TEST_F(a_connection, is_answered_when_the_sender_is_slow_with_a_later_head) {
  settings.limits.header_timeout = 50ms;
  open();
  raw_client client{port()};
  EXPECT_EQ(client.ask("POST", "/hook", "{}").status, 202);
  client.write("POST ");
  expect_problem(client.read(), errc::request_timeout, "none");
}

TEST_F(a_connection, ends_without_a_word_when_nothing_is_asked_on_it) {
  settings.limits.header_timeout = 50ms;
  open();
  raw_client client{port()};
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(books().received, 0u);
}

TEST_F(a_connection, ends_without_a_word_when_nothing_more_is_asked_on_it) {
  settings.limits.idle_timeout = 50ms;
  open();
  raw_client client{port()};
  EXPECT_EQ(client.ask("POST", "/hook", "{}").status, 202);
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(books().received, 1u);
}

TEST_F(a_connection, waits_for_the_answer_longer_than_for_the_sender) {
  settings.limits.header_timeout = 20ms;
  settings.limits.body_timeout = 20ms;
  settings.limits.idle_timeout = 20ms;
  hold_events();
  open();
  raw_client client{port()};
  client.write(request);
  const auto one = take_held();
  ASSERT_TRUE(one);
  // Until the deadlines of another connection have passed, which began later.
  raw_client other{port()};
  EXPECT_EQ(other.read_all(), "");
  one->finish({});
  EXPECT_EQ(client.read().status, 202);
}

TEST_F(a_connection, ends_without_a_word_when_many_are_being_turned_away) {
  settings.limits.max_connections = 1;
  open();
  raw_client first{port()};
  EXPECT_EQ(first.ask("POST", "/hook", "{}").status, 202);
  raw_client second{port()};
  expect_problem(second.read(), errc::saturated, "none");
  // The second is still open, as it has not ended its side.
  raw_client third{port()};
  EXPECT_EQ(third.read_all(), "");
  EXPECT_TRUE(third.closed());
  EXPECT_EQ(books().received, 2u);
  EXPECT_EQ(first.ask("POST", "/hook", "{}").status, 202);
}

TEST_F(a_connection, may_be_ended_by_the_sender_on_its_own_side) {
  hold_events();
  open();
  raw_client client{port()};
  client.write(request);
  client.end_writing();
  const auto one = take_held();
  ASSERT_TRUE(one);
  one->finish({});
  EXPECT_EQ(client.read().status, 202);
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(client.closed());
}

TEST_F(a_connection, that_is_gone_leaves_its_event_in_the_books) {
  hold_events();
  open();
  {
    raw_client client{port()};
    client.write(request);
    const auto one = take_held();
    ASSERT_TRUE(one);
    const std::lock_guard lock{mutex};
    held.push_back(one);
  }
  take_held()->finish({});
  EXPECT_EQ(books().delivered, 1u);
  EXPECT_EQ(ask("GET", "/hook").status, 405) << "the listener lives on";
}

TEST_F(a_connection, is_refused_without_its_body_where_the_head_says_enough) {
  settings.endpoints.front().access.allow_from = {
      config::ip_network::parse("192.0.2.0/24").value()};
  open();
  const auto ask_with_a_body_to_come = [this](const std::string& path) {
    raw_client client{port()};
    client.write("POST " + path +
                 " HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
    return client.read_all();
  };
  EXPECT_THAT(ask_with_a_body_to_come("/nowhere"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(ask_with_a_body_to_come("/hook"), StartsWith("HTTP/1.1 403 "));
}

TEST_F(a_connection, that_ends_within_a_request_is_no_event) {
  open();
  {
    raw_client client{port()};
    client.write(request.substr(0, request.size() - 1));
    client.end_writing();
    EXPECT_EQ(client.read_all(), "");
  }
  // The connection's room is given back just after its end.
  EXPECT_TRUE(support::wait_until([&] { return admission->bytes() == 0; }));
  EXPECT_EQ(books().received, 0u);
  EXPECT_TRUE(
      support::wait_until([this] { return door->requests_cut_off() == 1; }));
}

TEST_F(a_connection, is_told_when_the_node_holds_as_many_events_as_it_may) {
  settings.limits.max_in_flight = 1;
  hold_events();
  open();
  raw_client client{port()};
  client.write(request);
  const auto one = take_held();
  ASSERT_TRUE(one);
  raw_client other{port()};
  expect_problem(other.ask("POST", "/hook", "{}"), errc::saturated, "orders");
  one->finish({});
  EXPECT_EQ(client.read().status, 202);
  other.write(request);
  const auto next = take_held();
  ASSERT_TRUE(next);
  next->finish({});
  EXPECT_EQ(other.read().status, 202);
}

TEST_F(a_connection, is_told_when_the_node_holds_as_many_bytes_as_it_may) {
  settings.limits.max_bytes_in_flight = 100;
  hold_events();
  open();
  raw_client client{port()};
  client.write("POST /hook HTTP/1.1\r\nHost: a\r\n"
               "Content-Length: 60\r\n\r\n" +
               std::string(60, '1'));
  const auto one = take_held();
  ASSERT_TRUE(one);
  raw_client other{port()};
  other.write("POST /hook HTTP/1.1\r\nHost: a\r\n"
              "Content-Length: 41\r\n\r\n");
  expect_problem(other.read(), errc::saturated, "orders");
  one->finish({});
  EXPECT_EQ(client.read().status, 202);
}

TEST_F(a_connection, is_told_and_ended_when_the_node_stops) {
  open();
  raw_client client{port()};
  EXPECT_EQ(client.ask("POST", "/hook", "{}").status, 202);
  state->advance(node_phase::draining);
  expect_problem(client.ask("POST", "/hook", "{}"), errc::draining, "orders");
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(client.closed());
}

TEST_F(a_connection, is_told_when_there_are_too_many) {
  settings.limits.max_connections = 1;
  open();
  {
    raw_client first{port()};
    EXPECT_EQ(first.ask("POST", "/hook", "{}").status, 202);
    raw_client second{port()};
    expect_problem(second.read(), errc::saturated, "none");
    EXPECT_EQ(first.ask("POST", "/hook", "{}").status, 202);
  }
  EXPECT_TRUE(support::wait_until([&] { return door->connections() == 0; }));
  EXPECT_EQ(ask("POST", "/hook", "{}").status, 202);
}

TEST_F(a_connection, ends_with_its_listener_whatever_it_does) {
  hold_events();
  open();
  raw_client idle{port()};
  EXPECT_EQ(idle.ask("GET", "/hook").status, 405);
  raw_client in_head{port()};
  in_head.write("POST /hook HTTP/1.1\r\nHo");
  raw_client in_body{port()};
  in_body.write("POST /hook HTTP/1.1\r\nHost: a\r\n"
                "Content-Length: 9\r\n\r\nab");
  raw_client waiting{port()};
  waiting.write(request);
  const auto one = take_held();
  ASSERT_TRUE(one);
  support::run_on(io, [this] { door->close(); });
  for (auto* each : {&idle, &in_head, &in_body, &waiting}) {
    EXPECT_EQ(each->read_all(), "");
    EXPECT_TRUE(each->closed());
  }
  settings.listen.port = port();
  EXPECT_TRUE(listener::open(io, settings, deps())) << "the port is free";
  one->finish({});
  // With no connection left, the thread runs out of things to do.
  work.reset();
  thread.join();
  EXPECT_EQ(door->connections(), 0u);
}

TEST_F(a_connection, is_told_what_was_answered_before_its_listener_closed) {
  hold_events();
  open();
  raw_client client{port()};
  client.write(request);
  const auto one = take_held();
  ASSERT_TRUE(one);
  one->finish(core::refused(core::errc::draining));
  support::run_on(io, [this] { door->close(); });
  EXPECT_EQ(client.read().status, 503);
}

} // namespace

} // namespace mfo::http
