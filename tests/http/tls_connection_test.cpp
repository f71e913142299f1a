// What is above TLS is as it is without.

#include "tests/http/tls_fixture.hpp"

namespace mfo::http {

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

struct a_tls_connection : tls_fixture {};

TEST_F(a_tls_connection, is_kept_for_more_requests) {
  open_tls();
  test::tls_client client{port(), trusting()};
  for (int i = 0; i < 3; ++i)
    EXPECT_THAT(client.post("/hook", "{}"), StartsWith("HTTP/1.1 202 "));
  expect_handshakes("ok", 1);
}

TEST_F(a_tls_connection, takes_pipelined_requests_in_turn) {
  open_tls();
  test::tls_client client{port(), trusting()};
  client.write(test::post_message("/hook", "1") +
               test::post_message("/nowhere", "2") +
               test::post_message("/hook", "3"));
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 202 "));
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 202 "));
}

TEST_F(a_tls_connection, carries_large_bodies) {
  settings.limits.max_body = 4 * 1024 * 1024;
  open_tls();
  for (const auto version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    auto options = trusting();
    options.newest = version;
    test::tls_client client{port(), options};
    const std::string body(3'000'000, 'b');
    EXPECT_THAT(client.post("/hook", body), StartsWith("HTTP/1.1 202 "));
    EXPECT_EQ(last_event()->payload(), body);
  }
}

TEST_F(a_tls_connection, is_taken_byte_by_byte) {
  open_tls();
  test::tls_client client{port(), trusting()};
  for (const char each : test::post_message("/hook", "{}"))
    ASSERT_TRUE(client.write({&each, 1}));
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 202 "));
}

TEST_F(a_tls_connection, gets_a_refusal_and_a_clean_end) {
  open_tls();
  test::tls_client client{port(), trusting()};
  client.write("POST /hook HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
  EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 400 "));
  EXPECT_TRUE(client.told_of_end());
}

TEST_F(a_tls_connection, is_told_while_it_still_sends) {
  open_tls();
  test::tls_client client{port(), trusting()};
  client.write(
      "POST /hook HTTP/1.1\r\nHost: a\r\nContent-Length: 900000000\r\n\r\n" +
      std::string(200'000, 'x'));
  EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 413 "));
  EXPECT_TRUE(client.told_of_end());
}

TEST_F(a_tls_connection, gets_408_when_it_is_slow) {
  settings.limits.body_timeout = 200ms;
  open_tls();
  test::tls_client client{port(), trusting()};
  client.write("POST /hook HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nx");
  EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 408 "));
  EXPECT_TRUE(client.told_of_end());
}

TEST_F(a_tls_connection, is_asked_to_go_on) {
  open_tls();
  test::tls_client client{port(), trusting()};
  client.write("POST /hook HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
               "Expect: 100-continue\r\n\r\n");
  EXPECT_THAT(client.read_some(), StartsWith("HTTP/1.1 100 Continue"));
  client.write("{}");
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 202 "));
}

TEST_F(a_tls_connection, ends_cleanly_when_it_is_idle_for_too_long) {
  settings.limits.idle_timeout = 100ms;
  open_tls();
  test::tls_client client{port(), trusting()};
  EXPECT_THAT(client.post("/hook", "{}"), StartsWith("HTTP/1.1 202 "));
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(client.told_of_end());
}

TEST_F(a_tls_connection, ends_cleanly_where_the_sender_wants_it) {
  open_tls();
  test::tls_client client{port(), trusting()};
  client.write("POST /hook HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
               "Connection: close\r\n\r\n{}");
  EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 202 "));
  EXPECT_TRUE(client.told_of_end());
}

TEST_F(a_tls_connection, ends_cleanly_with_the_listener) {
  open_tls();
  test::tls_client client{port(), trusting()};
  EXPECT_THAT(client.post("/hook", "{}"), StartsWith("HTTP/1.1 202 "));
  let_it_read_on();
  support::run_on(io, [this] { door->close(); });
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(client.told_of_end());
}

TEST_F(a_tls_connection, that_is_cut_in_a_body_is_no_event) {
  open_tls();
  {
    test::tls_client client{port(), trusting()};
    client.write(
        "POST /hook HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nx");
  }
  EXPECT_TRUE(support::wait_until([this] { return door->connections() == 0; }));
  EXPECT_EQ(books().received, 0u);
}

TEST_F(a_tls_connection, is_resumed_without_anything_kept_here) {
  open_tls();
  for (const auto version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    auto options = trusting();
    options.newest = version;
    test::tls_client first{port(), options};
    EXPECT_THAT(first.post("/hook", "{}"), StartsWith("HTTP/1.1 202 "));
    options.resumed = SSL_get_session(first.session());
    test::tls_client second{port(), options};
    EXPECT_EQ(SSL_session_reused(second.session()), 1) << version;
    EXPECT_THAT(second.post("/hook", "{}"), StartsWith("HTTP/1.1 202 "));
  }
  EXPECT_EQ(SSL_CTX_sess_number(tls->current()->ssl.native_handle()), 0);
}

} // namespace

} // namespace mfo::http
