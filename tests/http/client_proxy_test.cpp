// Through proxies: real ones, and ones that misbehave.

#include "tests/support/http_certificates.hpp"
#include "tests/support/http_client_runner.hpp"
#include "tests/support/http_full_listener.hpp"
#include "tests/support/http_script_server.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tinyproxy_process.hpp"

#include <gmock/gmock.h>

namespace mfo::http {
namespace {

using namespace mfo::test;
using namespace std::chrono_literals;
using support::tinyproxy_process;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class client_proxy : public testing::Test {
protected:
  /// A proxy at this port of 127.0.0.1.
  static proxy at(std::uint16_t port, const std::string& user_info = {}) {
    return *parse_proxy("http://" + user_info +
                        "127.0.0.1:" + std::to_string(port));
  }

  client_config config_of(std::uint16_t server_port, bool tls,
                          proxy via) const {
    auto config = config_for(server_port);
    config.server.tls = tls;
    config.via = std::move(via);
    if (tls)
      config.tls.ca_file = files.write("ca.pem", ours.certificate());
    return config;
  }

  /// What comes of a request to an https origin through a proxy that does
  /// this.
  client_result ask_through(script_server::script each_connection) {
    script_server via{std::move(each_connection)};
    auto config = config_of(443, true, at(via.port(), "user:hunter2@"));
    config.connect_timeout = 200ms;
    return ask(*runner.make(config));
  }

  script_server::options with_tls(const std::string& name = "IP:127.0.0.1") {
    return {"127.0.0.1", ours.issue({{name}})};
  }

  authority ours;
  support::temporary_folder files;
  client_runner runner;
};

TEST_F(client_proxy, carries_tls_to_the_server_itself) {
  script_server server{always(reply_of("ok")), with_tls()};
  const tinyproxy_process via{server.port()};
  auto client = runner.make(config_of(server.port(), true, at(via.port())));
  auto first = ask(*client);
  ASSERT_THAT(first, is_reply(200, "ok"));
  EXPECT_GT(first->timing.connect.count(), 0);
  EXPECT_GT(first->timing.tls.count(), 0);
  EXPECT_THAT(ask(*client), is_reply(200, "ok"));
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(client_proxy, does_not_stand_between_us_and_the_servers_name) {
  script_server server{always(reply_of("ok")), with_tls("IP:127.0.0.2")};
  const tinyproxy_process via{server.port()};
  auto client = runner.make(config_of(server.port(), true, at(via.port())));
  EXPECT_THAT(
      ask(*client),
      AllOf(is_error_with(client_errc::tls_failed, "mismatch"), is_unsent()));
}

TEST_F(client_proxy, sends_whole_urls_for_a_plain_server) {
  script_server server{[](server_peer& peer, int) {
    while (auto request = peer.read_request())
      peer.write(reply_of(std::string{request->target()} + " " +
                          std::string{(*request)["Host"]} + " " +
                          request->body()));
  }};
  const tinyproxy_process via;
  auto config = config_of(server.port(), false, at(via.port()));
  config.server.base_path = "/base";
  auto client = runner.make(config);
  const auto expected =
      "/base/api/events 127.0.0.1:" + std::to_string(server.port()) + " {}";
  for (int i = 0; i < 5; ++i)
    EXPECT_THAT(ask(*client), is_reply(200, expected));
}

TEST_F(client_proxy, gets_one_plain_request_a_connection_and_is_told_so) {
  script_server via{[](server_peer& peer, int) {
    // Closes without having said that it will.
    if (auto request = peer.read_request())
      peer.write(reply_of(std::string{request->target()} + " " +
                          std::string{(*request)["Connection"]}));
  }};
  auto config = config_of(80, false, at(via.port()));
  config.server.host = "mfo.example";
  auto client = runner.make(config);
  for (int i = 0; i < 5; ++i)
    EXPECT_THAT(ask(*client),
                is_reply(200, "http://mfo.example/api/events close"));
  EXPECT_EQ(via.connections(), 5);
}

TEST_F(client_proxy, is_told_who_we_are) {
  script_server plain{always(reply_of("plain"))};
  script_server secure{always(reply_of("secure")), with_tls()};
  const tinyproxy_process via{secure.port(), "user", "hunter2"};
  const auto right = at(via.port(), "user:hunter2@");
  EXPECT_THAT(ask(*runner.make(config_of(plain.port(), false, right))),
              is_reply(200, "plain"));
  EXPECT_THAT(ask(*runner.make(config_of(secure.port(), true, right))),
              is_reply(200, "secure"));
  EXPECT_THAT(ask(*runner.make(config_of(plain.port(), false, at(via.port())))),
              is_error_with(client_errc::proxy_refused, "wants a user name"));
  EXPECT_THAT(
      ask(*runner.make(config_of(secure.port(), true, at(via.port())))),
      AllOf(is_error_with(client_errc::proxy_refused, "wants a user name"),
            is_unsent()));
  // What tinyproxy 1.11 answers to a wrong password.
  EXPECT_THAT(ask(*runner.make(config_of(secure.port(), true,
                                         at(via.port(), "user:wrong@")))),
              AllOf(is_error_with(client_errc::proxy_refused, "answered 401"),
                    is_unsent()));
  EXPECT_EQ(secure.connections(), 1);
}

TEST_F(client_proxy, refuses_what_it_may_not_connect_to) {
  script_server server{always(reply_of("ok")), with_tls()};
  const tinyproxy_process via{1};
  auto client = runner.make(config_of(server.port(), true, at(via.port())));
  EXPECT_THAT(ask(*client),
              AllOf(is_error_with(client_errc::proxy_refused, "answered 403"),
                    is_unsent()));
  EXPECT_EQ(client->stats().open, 0u);
}

TEST_F(client_proxy, says_that_it_does_not_reach_the_server) {
  std::uint16_t nobody = 0;
  {
    script_server gone{silent()};
    nobody = gone.port();
  }
  const tinyproxy_process via;
  auto client = runner.make(config_of(nobody, true, at(via.port())));
  EXPECT_THAT(ask(*client),
              AllOf(is_error_with(client_errc::proxy_refused, "answered 5"),
                    is_unsent()));
}

TEST_F(client_proxy, is_asked_in_the_words_of_the_rfc) {
  std::promise<http_request> seen;
  script_server via{[&](server_peer& peer, int) {
    seen.set_value(*peer.read_request());
    peer.write("HTTP/1.1 502 No\r\n\r\n");
  }};
  auto config = config_of(443, true, at(via.port(), "Aladdin:open%20sesame@"));
  config.server.host = "mfo.example"; // the proxy's to resolve
  config.user_agent = "mfo-node/1";
  EXPECT_THAT(ask(*runner.make(config)),
              is_error_with(client_errc::proxy_refused, "answered 502"));
  auto got = seen.get_future().get();
  EXPECT_EQ(got.method_string(), "CONNECT");
  EXPECT_EQ(got.target(), "mfo.example:443");
  EXPECT_EQ(got["Host"], "mfo.example:443");
  EXPECT_EQ(got["User-Agent"], "mfo-node/1");
  EXPECT_EQ(got["Proxy-Authorization"], "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

TEST_F(client_proxy, refusals_never_show_its_password) {
  auto result = ask_through([](server_peer& peer, int) {
    peer.read_request();
    peer.write("HTTP/1.1 407 hunter2\r\nContent-Length: 7\r\n\r\nhunter2");
  });
  ASSERT_THAT(result,
              AllOf(is_error_with(client_errc::proxy_refused, "answered 407"),
                    is_unsent()));
  EXPECT_THAT(result.error().detail,
              AllOf(HasSubstr("user name or password"),
                    Not(HasSubstr("hunter2")), Not(HasSubstr("Basic"))));
}

TEST_F(client_proxy, that_talks_nonsense_is_a_refusal) {
  for (const std::string reply :
       {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 2\r\n\r\n",
        "HTTP/1.1 101 Switching\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\nnobody asked"})
    EXPECT_THAT(
        ask_through([&](server_peer& peer, int) {
          peer.read_request();
          peer.write(reply);
          peer.wait_for_close();
        }),
        AllOf(is_error_with(client_errc::proxy_refused, "proxy"), is_unsent()))
        << reply;
}

TEST_F(client_proxy, with_an_endless_header_is_a_refusal) {
  EXPECT_THAT(ask_through([&](server_peer& peer, int) {
                peer.read_request();
                peer.write("HTTP/1.1 200 OK\r\n");
                while (
                    peer.write("X-More: " + std::string(1'000, 'x') + "\r\n")) {
                }
              }),
              AllOf(is_error(client_errc::proxy_refused), is_unsent()));
}

TEST_F(client_proxy, that_goes_away_is_a_failed_connection) {
  for (const std::string reply : {"", "HTTP/1.1 200"})
    EXPECT_THAT(ask_through([&](server_peer& peer, int) {
                  peer.read_request();
                  peer.write(reply);
                }),
                AllOf(is_error_with(client_errc::connect_failed, "CONNECT"),
                      is_unsent()))
        << reply;
  auto absent = at(1);
  EXPECT_THAT(
      ask(*runner.make(config_of(443, true, absent))),
      AllOf(is_error_with(client_errc::connect_failed, "proxy 127.0.0.1:1"),
            is_unsent()));
}

TEST_F(client_proxy, that_is_silent_has_the_time_to_connect) {
  EXPECT_THAT(ask_through(silent()),
              AllOf(is_error_with(client_errc::connect_timeout,
                                  "while the proxy connects"),
                    is_unsent()));
}

TEST_F(client_proxy, that_is_silent_behind_its_reply_has_it_too) {
  EXPECT_THAT(
      ask_through([](server_peer& peer, int) {
        peer.read_request();
        peer.write("HTTP/1.1 200 OK\r\n\r\n");
        peer.wait_for_close();
      }),
      AllOf(is_error_with(client_errc::connect_timeout, "TLS"), is_unsent()));
}

TEST_F(client_proxy, without_an_address_is_named) {
  auto config = config_of(443, true, *parse_proxy("http://no-such.invalid:1"));
  EXPECT_THAT(ask(*runner.make(config)),
              AllOf(is_error_with(client_errc::resolve_failed,
                                  "proxy no-such.invalid:1"),
                    is_unsent()));
}

TEST_F(client_proxy, of_a_plain_server_may_want_a_password) {
  script_server via{always("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n")};
  EXPECT_THAT(ask(*runner.make(config_of(80, false, at(via.port())))),
              is_error_with(client_errc::proxy_refused, "answered 407"));
}

TEST_F(client_proxy, is_not_blamed_for_what_comes_through_its_tunnel) {
  script_server server{always("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"),
                       with_tls()};
  const tinyproxy_process via{server.port()};
  auto client = runner.make(config_of(server.port(), true, at(via.port())));
  EXPECT_THAT(ask(*client), is_reply(407, ""));
}

TEST_F(client_proxy, of_a_plain_server_passes_its_errors_on_as_replies) {
  script_server via{always("HTTP/1.1 502 No\r\nContent-Length: 2\r\n\r\nno")};
  EXPECT_THAT(ask(*runner.make(config_of(80, false, at(via.port())))),
              is_reply(502, "no"));
}

} // namespace
} // namespace mfo::http
