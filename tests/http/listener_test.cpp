#include "http/listener.hpp"

#include "tests/http/listener_fixture.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <string>

namespace mfo::http {

namespace {

using core::errc;
using nlohmann::json;
using testing::Contains;
using testing::MatchesRegex;
using testing::Pair;

struct a_listener : listener_fixture {};

TEST_F(a_listener, makes_an_event_of_a_request) {
  open();
  const auto answer =
      ask("POST", "/hook", R"({"a":1})",
          {{"Content-Type", "application/json"}, {"X-Signature", "00ff"}});
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.header("content-type"), "application/json");
  const auto made = last_event();
  ASSERT_TRUE(made);
  EXPECT_EQ(made->payload(), R"({"a":1})");
  EXPECT_EQ(made->fields.find("x-signature"), "00ff");
  EXPECT_EQ(made->endpoint->id, "orders");
  EXPECT_EQ(json::parse(answer.body),
            json({{"event_id", made->id}, {"status", "completed"}}));
  EXPECT_EQ(books().delivered, 1u);
}

TEST_F(a_listener, dates_every_answer) {
  open();
  const auto is_date = MatchesRegex(
      "[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT");
  EXPECT_THAT(ask("POST", "/hook", "{}").header("date"), is_date);
  EXPECT_THAT(ask("GET", "/hook").header("date"), is_date);
  EXPECT_THAT(ask("POST", "/hook", "{}", {{"Expect", "x"}}).header("date"),
              is_date);
}

TEST_F(a_listener, gives_a_repeated_delivery_the_same_event_id) {
  open();
  const devserver::field_list fields{{"X-Delivery", "d-1"}};
  const auto first = ask("POST", "/hook", "{}", fields);
  const auto again = ask("POST", "/hook", "{}", fields);
  EXPECT_EQ(first.body, again.body);
  EXPECT_NE(first.body, ask("POST", "/hook", "{}").body);
}

TEST_F(a_listener, takes_a_signature_that_is_sent_twice_for_none) {
  open();
  ask("POST", "/hook", "{}", {{"X-Signature", "00"}, {"X-Signature", "ff"}});
  ASSERT_TRUE(last_event());
  EXPECT_EQ(last_event()->fields.find("X-Signature"), std::nullopt);
}

TEST_F(a_listener, continues_the_trace_of_the_sender) {
  open();
  ask("POST", "/hook", "{}",
      {{"traceparent",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}});
  ASSERT_TRUE(last_event());
  EXPECT_TRUE(last_event()->traceparent.view().starts_with(
      "00-4bf92f3577b34da6a3ce929d0e0e4736-"));
}

TEST_F(a_listener, begins_a_trace_where_a_request_names_two) {
  open();
  ask("POST", "/hook", "{}",
      {{"traceparent",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
       {"traceparent",
        "00-4bf92f3577b34da6a3ce929d0e0e4737-00f067aa0ba902b7-01"},
       {"tracestate", "a=1"}});
  ASSERT_TRUE(last_event());
  EXPECT_FALSE(
      last_event()->traceparent.view().starts_with("00-4bf92f3577b34da6"));
  EXPECT_EQ(last_event()->tracestate, "");
}

TEST_F(a_listener, passes_the_state_of_the_trace_on) {
  open();
  ask("POST", "/hook", "{}",
      {{"traceparent",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
       {"tracestate", "a=1"},
       {"tracestate", "b=2"}});
  ASSERT_TRUE(last_event());
  EXPECT_EQ(last_event()->tracestate, "a=1,b=2");
}

TEST_F(a_listener, does_not_look_at_the_query) {
  open();
  EXPECT_EQ(ask("POST", "/hook?a=b", "{}").status, 202);
}

TEST_F(a_listener, takes_a_chunked_body) {
  open();
  raw_client client{port()};
  client.write("POST /hook HTTP/1.1\r\nHost: a\r\n"
               "Transfer-Encoding: chunked\r\n\r\n"
               "3\r\n[1,\r\n2;x=y\r\n2]\r\n0\r\nX-Checksum: 1\r\n\r\n");
  EXPECT_EQ(client.read().status, 202);
  ASSERT_TRUE(last_event());
  EXPECT_EQ(last_event()->payload(), "[1,2]");
}

TEST_F(a_listener, takes_a_body_of_just_the_bound_byte_for_byte) {
  open();
  std::string body(settings.limits.max_body, 'x');
  for (std::size_t i = 0; i < body.size(); ++i)
    body[i] = static_cast<char>('a' + i * i % 26);
  EXPECT_EQ(ask("POST", "/hook", body).status, 202);
  ASSERT_TRUE(last_event());
  EXPECT_EQ(last_event()->payload(), body);
}

TEST_F(a_listener, ignores_that_a_sender_asks_for_another_protocol) {
  open();
  raw_client client{port()};
  for (int i = 0; i < 2; ++i) {
    const auto answer =
        client.ask("POST", "/hook", "{}",
                   {{"Connection", "Upgrade"}, {"Upgrade", "websocket"}});
    EXPECT_EQ(answer.status, 202);
  }
}

TEST_F(a_listener, refuses_a_path_that_is_no_endpoint) {
  open();
  expect_problem(ask("POST", "/other", "{}"), errc::not_found, "none");
}

TEST_F(a_listener, refuses_a_method_that_is_not_post) {
  open();
  for (const auto* method : {"GET", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
    const auto answer = ask(method, "/hook", "{}");
    expect_problem(answer, errc::method_not_allowed, "orders");
    EXPECT_EQ(answer.header("allow"), "POST") << method;
  }
}

TEST_F(a_listener, names_the_method_of_the_endpoint_to_one_that_nobody_knows) {
  settings.endpoints.front().method = "PUT";
  open();
  for (const auto* method : {"POST", "BREW"}) {
    const auto answer = ask(method, "/hook", "{}");
    expect_problem(answer, errc::method_not_allowed, "orders");
    EXPECT_EQ(answer.header("allow"), "PUT") << method;
  }
}

TEST_F(a_listener, refuses_head_without_a_body) {
  open();
  raw_client client{port()};
  const std::string text{"HEAD /hook HTTP/1.1\r\nHost: a\r\n\r\n"};
  client.write(text + "POST /hook HTTP/1.1\r\nHost: a\r\n"
                      "Connection: close\r\nContent-Length: 2\r\n\r\n{}");
  const auto both = client.read_all();
  EXPECT_TRUE(both.starts_with("HTTP/1.1 405 Method Not Allowed\r\n"));
  const auto end = both.find("\r\n\r\n");
  ASSERT_NE(end, std::string::npos);
  EXPECT_TRUE(both.substr(end + 4).starts_with("HTTP/1.1 202 ")) << both;
}

TEST_F(a_listener, refuses_a_media_type_that_its_endpoint_does_not_take) {
  open();
  expect_problem(ask("POST", "/hook", "a", {{"Content-Type", "text/plain"}}),
                 errc::unsupported_media_type, "orders");
  expect_problem(ask("POST", "/hook", "a", {{"Content-Encoding", "br"}}),
                 errc::unsupported_media_type, "orders");
}

TEST_F(a_listener, does_not_choose_among_several_media_types_or_codings) {
  open();
  for (const auto* other : {"application/json", "text/plain", ""})
    expect_problem(
        ask("POST", "/hook", "{}",
            {{"Content-Type", "application/json"}, {"Content-Type", other}}),
        errc::unsupported_media_type, "orders");
  expect_problem(
      ask("POST", "/hook", "{}",
          {{"Content-Encoding", "gzip"}, {"Content-Encoding", "gzip"}}),
      errc::unsupported_media_type, "orders");
}

TEST_F(a_listener, refuses_a_large_body_before_it_is_sent) {
  open();
  raw_client client{port()};
  client.write("POST /hook HTTP/1.1\r\nHost: a\r\nContent-Length: " +
               std::to_string(settings.limits.max_body + 1) + "\r\n\r\n");
  const auto answer = client.read();
  expect_problem(answer, errc::payload_too_large, "orders");
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(client.closed());
}

TEST_F(a_listener, is_heard_by_a_sender_that_sends_a_large_body_all_the_same) {
  open();
  const std::string body(settings.limits.max_body + 1'000'000, 'x');
  expect_problem(ask("POST", "/hook", body), errc::payload_too_large, "orders");
}

TEST_F(a_listener, refuses_a_large_body_in_chunks_while_it_is_sent) {
  open();
  raw_client client{port()};
  client.write("POST /hook HTTP/1.1\r\nHost: a\r\n"
               "Transfer-Encoding: chunked\r\n\r\n");
  const std::string chunk(0x1000, 'x');
  for (std::size_t sent = 0; sent <= settings.limits.max_body;
       sent += chunk.size())
    client.write("1000\r\n" + chunk + "\r\n");
  expect_problem(client.read(), errc::payload_too_large, "orders");
}

TEST_F(a_listener, refuses_a_large_head) {
  open();
  const std::string value(settings.limits.max_header, 'x');
  expect_problem(ask("POST", "/hook", "{}", {{"X-Large", value}}),
                 errc::header_too_large, "none");
}

TEST_F(a_listener, refuses_what_may_be_read_in_two_ways) {
  open();
  for (const std::string fields :
       {"Host: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Host: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n",
        "Host: a\r\nHost: b\r\n", "Host: a\r\nX : y\r\n",
        "Host: a\r\nX: y\r\n folded\r\n", ""}) {
    raw_client client{port()};
    client.write("POST /hook HTTP/1.1\r\n" + fields + "\r\n0\r\n\r\n");
    const auto answer = client.read();
    expect_problem(answer, errc::malformed_request, "orders");
    client.read_all();
    EXPECT_TRUE(client.closed()) << fields;
  }
  EXPECT_FALSE(last_event());
}

TEST_F(a_listener, answers_what_is_no_http_at_all) {
  open();
  raw_client client{port()};
  client.write("\x16\x03\x01 hello\r\n\r\n");
  expect_problem(client.read(), errc::malformed_request, "none");
}

TEST_F(a_listener, answers_a_request_with_length_in_its_trailer) {
  open();
  for (const auto* trailer :
       {"Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n",
        "Upgrade: h2c\r\nConnection: Upgrade\r\n", "Host: b\r\n"}) {
    raw_client client{port()};
    client.write("POST /hook HTTP/1.1\r\nHost: a\r\n"
                 "Transfer-Encoding: chunked\r\n\r\n"
                 "2\r\n{}\r\n0\r\n" +
                 std::string{trailer} + "\r\n");
    const auto answer = client.read();
    EXPECT_TRUE(answer.status == 202 || answer.status == 400)
        << trailer << " " << answer.status;
  }
}

TEST_F(a_listener, answers_500_when_an_event_is_forgotten) {
  admit = [](const exchange_ptr&) {
  };
  open();
  expect_problem(ask("POST", "/hook", "{}"), errc::internal_error, "orders");
}

TEST_F(a_listener, tells_what_became_of_an_event) {
  admit = [](const exchange_ptr& one) {
    one->finish(core::refused(errc::upstream_timeout));
  };
  open();
  expect_problem(ask("POST", "/hook", "{}"), errc::upstream_timeout, "orders");
}

TEST_F(a_listener, says_in_one_line_why_it_cannot_listen) {
  open();
  settings.listen.port = port();
  const auto second = listener::open(io, settings, deps());
  ASSERT_FALSE(second);
  EXPECT_TRUE(second.error().starts_with(
      "cannot listen on 127.0.0.1:" + std::to_string(port()) + ": "))
      << second.error();
  EXPECT_EQ(second.error().find('\n'), std::string::npos);
}

TEST_F(a_listener, logs_what_it_refuses) {
  open();
  const auto answer = ask("POST", "/other\x7f", "{}");
  const auto other = ask("POST", "/other", "{}");
  const auto written = lines();
  ASSERT_EQ(written.size(), 2u);
  const auto line = json::parse(written[1]);
  EXPECT_EQ(line["level"], "warn");
  EXPECT_EQ(line["message"], "event refused");
  EXPECT_EQ(line["reason"], "not_found");
  EXPECT_EQ(line["path"], "/other");
  EXPECT_EQ(line["status"], 404);
  EXPECT_EQ(line["event_id"], json::parse(other.body)["event_id"]);
  EXPECT_EQ(answer.status, 400);
}

} // namespace

} // namespace mfo::http
