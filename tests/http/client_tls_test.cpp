// Whom the client trusts, and what it says when it does not.

#include "tests/support/http_certificates.hpp"
#include "tests/support/http_client_runner.hpp"
#include "tests/support/http_script_server.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>

namespace mfo::http {
namespace {

using namespace mfo::test;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

const authority& our_authority() {
  static const authority instance;
  return instance;
}

const std::vector<std::string> loopback_names = {"DNS:localhost",
                                                 "IP:127.0.0.1"};

script_server::script echo_connection_number() {
  return [](server_peer& peer, int number) {
    while (peer.read_request() &&
           peer.write(reply_of(std::to_string(number)))) {
    }
  };
}

/// A TLS server with this certificate and a client that trusts our authority.
class tls_pair {
public:
  explicit tls_pair(identity own, const std::string& host = "127.0.0.1",
                    script_server::script script = echo_connection_number())
    : server_(std::move(script), {"127.0.0.1", std::move(own)}) {
    auto config = config_for(server_.port());
    config.server.tls = true;
    config.server.host = host;
    config.tls.ca_file = files_.write("ca.pem", our_authority().certificate());
    client_ = runner_.make(config);
  }

  http::client& client() {
    return *client_;
  }

  script_server& server() {
    return server_;
  }

private:
  support::temporary_folder files_;
  script_server server_;
  client_runner runner_;
  std::shared_ptr<http::client> client_;
};

TEST(client_tls, trusts_a_certificate_for_the_address) {
  tls_pair pair{our_authority().issue({loopback_names})};
  EXPECT_THAT(ask(pair.client()), is_reply(200, "0"));
  EXPECT_THAT(ask(pair.client()), is_reply(200, "0"));
  EXPECT_EQ(pair.server().connections(), 1);
}

TEST(client_tls, knows_when_the_certificate_ends_that_it_was_shown) {
  using clock = std::chrono::system_clock;
  tls_pair pair{our_authority().issue({loopback_names})};
  EXPECT_FALSE(pair.client().stats().certificate_end);
  EXPECT_THAT(ask(pair.client()), is_reply(200, "0"));
  const auto end = pair.client().stats().certificate_end;
  ASSERT_TRUE(end);
  EXPECT_NEAR(static_cast<double>(
                  std::chrono::floor<std::chrono::seconds>(*end - clock::now())
                      .count()),
              3600, 60);
}

TEST(client_tls, trusts_a_certificate_for_the_name) {
  tls_pair pair{our_authority().issue({{"DNS:localhost"}}), "localhost"};
  EXPECT_THAT(ask(pair.client()), is_reply(200, "0"));
}

TEST(client_tls, carries_large_bodies_both_ways) {
  tls_pair pair{our_authority().issue({loopback_names}), "127.0.0.1",
                [](server_peer& peer, int) {
                  while (auto request = peer.read_request())
                    peer.write(reply_of(request->body()));
                }};
  std::string body(700'000, 'b');
  EXPECT_THAT(ask(pair.client(), post(body)), is_reply(200, body));
}

TEST(client_tls, refuses_a_certificate_for_another_name) {
  tls_pair pair{our_authority().issue({{"DNS:other.example"}}), "localhost"};
  EXPECT_THAT(ask(pair.client()),
              is_error_with(client_errc::tls_failed, "ostname mismatch"));
}

TEST(client_tls, refuses_a_certificate_for_another_address) {
  tls_pair pair{our_authority().issue({{"IP:127.0.0.2"}})};
  EXPECT_THAT(ask(pair.client()),
              is_error_with(client_errc::tls_failed, "IP address mismatch"));
}

TEST(client_tls, refuses_an_expired_certificate) {
  tls_pair pair{our_authority().issue({loopback_names, -7200s, -3600s})};
  EXPECT_THAT(ask(pair.client()), is_error_with(client_errc::tls_failed,
                                                "certificate has expired"));
}

TEST(client_tls, refuses_a_certificate_of_tomorrow) {
  tls_pair pair{our_authority().issue({loopback_names, 3600s, 7200s})};
  EXPECT_THAT(ask(pair.client()),
              is_error_with(client_errc::tls_failed, "not yet valid"));
}

TEST(client_tls, refuses_a_certificate_that_vouches_for_itself) {
  tls_pair pair{self_signed({loopback_names})};
  EXPECT_THAT(ask(pair.client()), is_error_with(client_errc::tls_failed,
                                                "self-signed certificate"));
}

TEST(client_tls, refuses_an_unknown_authority) {
  authority other;
  tls_pair pair{other.issue({loopback_names})};
  // Both authorities have the same name: the signature gives it away.
  EXPECT_THAT(ask(pair.client()), is_error(client_errc::tls_failed));
}

TEST(client_tls, trusts_the_systems_authorities_by_default_not_ours) {
  script_server server{echo_connection_number(),
                       {"127.0.0.1", our_authority().issue({loopback_names})}};
  client_runner runner;
  auto config = config_for(server.port());
  config.server.tls = true;
  auto client = runner.make(config);
  EXPECT_THAT(ask(*client), is_error_with(client_errc::tls_failed,
                                          "unable to get local issuer"));
}

TEST(client_tls, says_that_a_server_does_not_speak_it) {
  script_server server{[](server_peer& peer, int) {
    peer.read_some();
    peer.write("HTTP/1.1 400 Bad Request\r\n\r\n");
  }};
  client_runner runner;
  auto config = config_for(server.port());
  config.server.tls = true;
  auto client = runner.make(config);
  EXPECT_THAT(ask(*client),
              is_error_with(client_errc::tls_failed, "wrong version number"));
}

TEST(client_tls, takes_a_server_that_goes_away_for_a_failed_connection) {
  script_server server{[](server_peer& peer, int) {
    peer.read_some();
    peer.close();
  }};
  client_runner runner;
  auto config = config_for(server.port());
  config.server.tls = true;
  auto client = runner.make(config);
  EXPECT_THAT(ask(*client),
              is_error_with(client_errc::connect_failed, "TLS handshake"));
}

TEST(client_tls, replaces_a_connection_that_the_server_closed_while_idle) {
  tls_pair pair{our_authority().issue({loopback_names}), "127.0.0.1",
                [](server_peer& peer, int number) {
                  if (peer.read_request())
                    peer.write(reply_of(std::to_string(number)));
                }};
  for (int i = 0; i < 3; ++i) {
    ASSERT_THAT(ask(pair.client()), is_reply(200, std::to_string(i)));
    ASSERT_TRUE(eventually([&] { return pair.server().finished() == i + 1; }));
  }
}

TEST(client_tls, does_not_take_a_cut_for_the_end_of_a_reply) {
  tls_pair pair{our_authority().issue({loopback_names}), "127.0.0.1",
                [](server_peer& peer, int) {
                  peer.read_request();
                  peer.write("HTTP/1.1 200 OK\r\n\r\nto the en");
                  peer.interrupt();
                }};
  EXPECT_THAT(ask(pair.client()), is_error(client_errc::reply_broken));
}

TEST(client_tls, names_the_ca_file_that_it_cannot_use) {
  boost::asio::io_context io;
  auto config = config_for(1);
  config.server.tls = true;
  config.tls.ca_file = "no-such-ca.pem";
  auto missing = make_beast_client(io, config);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error(),
              AllOf(HasSubstr("no-such-ca.pem"), HasSubstr("No such file")));
  support::temporary_folder files;
  config.tls.ca_file = files.write("nonsense.pem", "not a certificate\n");
  auto invalid = make_beast_client(io, config);
  ASSERT_FALSE(invalid);
  EXPECT_THAT(invalid.error(), AllOf(HasSubstr(config.tls.ca_file),
                                     HasSubstr("no certificate")));
}

} // namespace
} // namespace mfo::http
