// What a listener with TLS agrees to, and what becomes of the rest.

#include "tests/http/tls_fixture.hpp"

#include <openssl/err.h>
#include <openssl/sslerr.h>

namespace mfo::http {

namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// The names of protocols as ALPN has them on the wire.
std::string alpn(const std::vector<std::string>& names) {
  std::string result;
  for (const auto& name : names)
    result.append(1, static_cast<char>(name.size())).append(name);
  return result;
}

TEST_F(tls_fixture, takes_an_event) {
  open_tls();
  expect_served(trusting());
  EXPECT_EQ(books().delivered, 1u);
  expect_handshakes("ok", 1);
}

TEST_F(tls_fixture, speaks_1_2_and_1_3) {
  open_tls();
  for (const auto version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    auto options = trusting();
    options.oldest = options.newest = version;
    test::tls_client client{port(), options};
    EXPECT_EQ(client.failure(), "");
    EXPECT_EQ(SSL_version(client.session()), version);
    EXPECT_THAT(client.post("/hook", "{}"), StartsWith("HTTP/1.1 202 "));
  }
}

TEST_F(tls_fixture, speaks_1_3_alone_where_told_to) {
  settings.tls.min_version = config::tls_version::v1_3;
  open_tls();
  auto options = trusting();
  options.newest = TLS1_2_VERSION;
  test::tls_client client{port(), options};
  EXPECT_THAT(client.failure(), HasSubstr("protocol version"));
  expect_handshakes("no_agreement", 1);
  expect_served(trusting());
}

TEST_F(tls_fixture, refuses_1_0_and_1_1) {
  open_tls();
  for (const auto version : {TLS1_VERSION, TLS1_1_VERSION}) {
    test::tls_client client{port(),
                            {.oldest = version,
                             .newest = version,
                             .ciphers = "ALL",
                             .security_level = 0}};
    EXPECT_THAT(client.failure(), HasSubstr("protocol version"));
  }
  expect_handshakes("no_agreement", 2);
}

/// Those of TLS 1.2.
struct a_cipher : tls_fixture {
  void refuses(const std::vector<const char*>& ciphers) const {
    for (const auto* cipher : ciphers)
      EXPECT_THAT(failure_with(cipher), HasSubstr("handshake failure"))
          << cipher;
    expect_handshakes("no_agreement", static_cast<double>(ciphers.size()));
  }

  void takes(const char* cipher) const {
    EXPECT_EQ(failure_with(cipher), "");
  }

private:
  [[nodiscard]] std::string failure_with(const char* cipher) const {
    return test::tls_client{
        port(),
        {.newest = TLS1_2_VERSION, .ciphers = cipher, .security_level = 0}}
        .failure();
  }
};

TEST_F(a_cipher, that_is_weak_is_refused) {
  open_tls();
  refuses({"ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA",
           "ECDHE-ECDSA-AES128-CCM", "AECDH-AES128-SHA"});
  takes("ECDHE-ECDSA-AES128-GCM-SHA256");
}

TEST_F(a_cipher, that_is_weak_is_refused_with_a_key_of_rsa) {
  write(ours.issue({.names = {"IP:127.0.0.1"}, .rsa = true}));
  open_tls();
  refuses({"AES128-GCM-SHA256", "AES256-SHA", "ECDHE-RSA-AES128-SHA256",
           "ECDHE-RSA-AES256-SHA", "DHE-RSA-AES128-GCM-SHA256",
           "CAMELLIA128-SHA"});
  takes("ECDHE-RSA-AES128-GCM-SHA256");
}

TEST_F(tls_fixture, agrees_on_http_1_1_alone) {
  open_tls();
  auto options = trusting();
  options.protocols = alpn({"h2", "http/1.1"});
  test::tls_client client{port(), options};
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(client.session(), &chosen, &size);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(chosen), size),
            "http/1.1");
  options.protocols = alpn({"h2", "http/1.0"});
  test::tls_client other{port(), options};
  EXPECT_THAT(other.failure(), HasSubstr("no application protocol"));
  expect_handshakes("no_agreement", 1);
}

TEST_F(tls_fixture, refuses_renegotiation) {
  open_tls();
  auto options = trusting();
  options.newest = TLS1_2_VERSION;
  test::tls_client client{port(), options};
  ASSERT_EQ(client.failure(), "");
  ERR_clear_error();
  ASSERT_EQ(SSL_renegotiate(client.session()), 1);
  EXPECT_NE(SSL_do_handshake(client.session()), 1);
  EXPECT_EQ(ERR_GET_REASON(ERR_peek_error()), SSL_R_NO_RENEGOTIATION);
}

TEST_F(tls_fixture, closes_on_plain_http) {
  open_tls();
  raw_client client{port()};
  client.write("POST /hook HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_THAT(client.read_all(), Not(HasSubstr("HTTP")));
  EXPECT_TRUE(client.closed());
  expect_handshakes("not_tls", 1);
  EXPECT_EQ(books().received, 0u);
  EXPECT_THAT(lines(), Contains(HasSubstr("tls handshake failed")));
}

TEST_F(tls_fixture, closes_on_garbage) {
  open_tls();
  raw_client client{port()};
  client.write(
      "\x05\x01\x02 anything at all, and then some more of it\r\n\r\n");
  client.read_all();
  EXPECT_TRUE(client.closed());
  expect_handshakes("not_tls", 1);
  expect_served(trusting());
}

TEST_F(tls_fixture, notes_who_leaves_half_way) {
  open_tls();
  {
    raw_client client{port()};
    client.write("\x16\x03\x01\x02");
  }
  expect_handshakes("closed", 1);
}

TEST_F(tls_fixture, does_not_wait_long_for_a_handshake) {
  settings.limits.header_timeout = 200ms;
  open_tls();
  raw_client silent{port()};
  raw_client begun{port()};
  begun.write("\x16\x03\x01\x02");
  EXPECT_EQ(silent.read_all(), "");
  EXPECT_EQ(begun.read_all(), "");
  EXPECT_TRUE(silent.closed());
  EXPECT_TRUE(begun.closed());
  expect_handshakes("timeout", 2);
  EXPECT_TRUE(support::wait_until([this] { return door->connections() == 0; }));
}

TEST_F(tls_fixture, is_not_kept_waiting_by_a_trickle) {
  settings.limits.header_timeout = 300ms;
  open_tls();
  raw_client client{port()};
  // A record of 16 KiB is announced; a byte of it comes now and then.
  client.write("\x16\x03\x01\x40");
  const auto end = std::chrono::steady_clock::now() + 5s;
  while (!client.closed() && std::chrono::steady_clock::now() < end) {
    client.write(std::string(1, '\0'));
    client.read_all(10);
  }
  EXPECT_TRUE(client.closed());
  expect_handshakes("timeout", 1);
}

TEST_F(tls_fixture, begins_no_handshake_with_one_too_many) {
  settings.limits.max_connections = 1;
  open_tls();
  test::tls_client first{port(), trusting()};
  ASSERT_EQ(first.failure(), "");
  test::tls_client second{port(), trusting()};
  EXPECT_NE(second.failure(), "");
  expect_handshakes("over_limit", 1);
  EXPECT_EQ(door->dropped_connections(), 1u);
  EXPECT_THAT(first.post("/hook", "{}"), StartsWith("HTTP/1.1 202 "));
}

TEST_F(tls_fixture, begins_no_handshake_with_an_address_that_has_had_too_many) {
  settings.tls.handshakes_per_address = {.per_second = 0.001, .burst = 2};
  open_tls();
  expect_served(trusting());
  expect_served(trusting());
  EXPECT_NE(test::tls_client(port(), trusting()).failure(), "");
  expect_handshakes("over_rate", 1);
  EXPECT_EQ(door->dropped_connections(), 1u);
}

TEST_F(tls_fixture, begins_any_number_of_handshakes_with_a_trusted_proxy) {
  settings.tls.handshakes_per_address = {.per_second = 0.001, .burst = 1};
  settings.proxies.trusted_proxies = {
      config::ip_network::parse("127.0.0.1").value()};
  open_tls();
  expect_served(trusting());
  expect_served(trusting());
}

TEST_F(tls_fixture, logs_no_more_than_it_should) {
  open_tls();
  for (int i = 0; i < 40; ++i) {
    raw_client client{port()};
    client.write("GET / HTTP/1.1\r\n\r\n");
    client.read_all();
  }
  expect_handshakes("not_tls", 40);
  const auto all = lines();
  const auto said = std::ranges::count_if(all, [](const auto& line) {
    return line.find("tls handshake failed") != line.npos;
  });
  EXPECT_GE(said, 1);
  EXPECT_LT(said, 40);
}

} // namespace

} // namespace mfo::http
