// The checks of what is around the node, each broken, and good: real servers,
// proxies and sinks.

#include "tests/integration/doctor/fixture.hpp"

#include "core/http_date.hpp"
#include "tests/support/http_certificates.hpp"
#include "tests/support/http_script_server.hpp"
#include "tests/support/redis_process.hpp"
#include "tests/support/tinyproxy_process.hpp"

#include <fmt/format.h>

#include <chrono>

namespace mfo::integration {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::AllOf;
using testing::Contains;
using testing::Each;

class a_doctor_among_others : public a_doctor {
protected:
  /// The server is one of TLS with such a certificate, which answers 200.
  void serve_by_tls(const test::certificate_request& request) {
    folder.write("ca.pem", authority.certificate());
    secure = std::make_unique<test::script_server>(
        test::always(test::reply_of("{\"tools\":[]}")),
        test::script_server::options{.tls = authority.issue(request)});
    server_lines = fmt::format("url: \"https://localhost:{}\", tls: {{ca_file: "
                               "ca.pem}}, auth: {{type: none}}",
                               secure->port());
  }

  const test::authority authority;
  std::unique_ptr<test::script_server> secure;
};

// --- servers ----------------------------------------------------------------

TEST_F(a_doctor_among_others, finds_a_good_server_good) {
  EXPECT_THAT(ask("servers"), Each(has_verdict("ok")));
}

TEST_F(a_doctor_among_others, finds_a_server_that_is_down) {
  const support::reserved_port nobody;
  server_lines = fmt::format("url: \"http://127.0.0.1:{}\"", nobody.number());
  const auto found = ask_about("servers", "servers.default");
  EXPECT_THAT(found, has_verdict("failed"));
  EXPECT_THAT(found, tells("refused"));
}

TEST_F(a_doctor_among_others, finds_a_server_that_says_nothing) {
  test::script_server hanging{test::silent()};
  server_lines = fmt::format("url: \"http://127.0.0.1:{}\"", hanging.port());
  EXPECT_THAT(ask("servers", {"--timeout", "1"}),
              Contains(AllOf(has_verdict("failed"), tells("no answer"))));
}

TEST_F(a_doctor_among_others, finds_credentials_that_are_refused) {
  EXPECT_THAT(
      ask("servers", {}, {{"MFO_TOKEN", "another-token-of-some-length"}}),
      Contains(AllOf(has_verdict("failed"), tells("refuses the credentials"))));
}

TEST_F(a_doctor_among_others, finds_a_login_that_fails) {
  devserver::options settings;
  settings.login = devserver::credentials{"ann", "the-password-of-ann"};
  devserver::server strict{std::move(settings)};
  ASSERT_TRUE(strict.start());
  const auto with = [&](const std::string& password) {
    server_lines = fmt::format("url: \"{}\", auth: {{type: jwt_login, "
                               "username: ann, password: {}}}",
                               strict.url(), password);
    return ask("servers");
  };
  EXPECT_THAT(with("the-password-of-ann"), Each(has_verdict("ok")));
  EXPECT_THAT(with("a-password-of-nobody"), Contains(has_verdict("failed")));
}

TEST_F(a_doctor_among_others, finds_a_server_that_wants_a_token) {
  server_lines = fmt::format("url: \"{}\"", server->url());
  EXPECT_THAT(ask("servers"),
              Contains(AllOf(has_verdict("failed"), tells("credentials"))));
}

TEST_F(a_doctor_among_others, finds_a_server_with_a_good_certificate_good) {
  serve_by_tls({.names = {"DNS:localhost"}, .valid_to = 24h * 60});
  EXPECT_THAT(ask("servers"), Each(has_verdict("ok")));
}

TEST_F(a_doctor_among_others, finds_certificates_of_servers_that_end) {
  serve_by_tls({.names = {"DNS:localhost"}, .valid_to = 24h * 3 + 1h});
  EXPECT_THAT(ask("servers"),
              Contains(AllOf(has_verdict("warning"), tells("in 3 days"))));
  serve_by_tls(
      {.names = {"DNS:localhost"}, .valid_from = -48h, .valid_to = -1h});
  EXPECT_THAT(ask_about("servers", "servers.default"), tells("expired"));
}

TEST_F(a_doctor_among_others,
       finds_certificates_for_another_name_or_by_others) {
  serve_by_tls({.names = {"DNS:elsewhere"}, .valid_to = 24h * 60});
  EXPECT_THAT(ask_about("servers", "servers.default"),
              AllOf(has_verdict("failed"), tells("mismatch")));
  serve_by_tls({.names = {"DNS:localhost"}, .valid_to = 24h * 60});
  folder.write("ca.pem", test::authority{}.certificate());
  EXPECT_THAT(ask_about("servers", "servers.default"),
              AllOf(has_verdict("failed"), tells("tls.ca_file")));
}

// --- dns --------------------------------------------------------------------

TEST_F(a_doctor_among_others, finds_names_that_are_none) {
  server_lines = fmt::format("url: \"http://localhost:{}\"", server->port());
  EXPECT_THAT(ask_about("dns", "servers.default"), has_verdict("ok"));
  server_lines = "url: \"http://nobody.invalid\"";
  EXPECT_THAT(ask("dns", {"--timeout", "20"}),
              Each(AllOf(has_verdict("failed"), tells("nobody.invalid"))));
}

TEST_F(a_doctor_among_others, has_no_names_to_look_up_where_all_are_addresses) {
  EXPECT_THAT(ask("dns"), Each(has_verdict("left_out")));
}

// --- proxy ------------------------------------------------------------------

TEST_F(a_doctor_among_others, finds_a_proxy_that_lets_through_good) {
  serve_by_tls({.names = {"DNS:localhost"}, .valid_to = 24h * 60});
  const support::tinyproxy_process proxy{secure->port()};
  server_lines += fmt::format(", proxy: \"http://127.0.0.1:{}\"", proxy.port());
  EXPECT_THAT(ask_about("proxy", "servers.default"), has_verdict("ok"));
  EXPECT_THAT(ask("servers"), Each(has_verdict("ok")));
}

TEST_F(a_doctor_among_others, finds_a_proxy_that_refuses) {
  serve_by_tls({.names = {"DNS:localhost"}, .valid_to = 24h * 60});
  const support::tinyproxy_process proxy{1};
  server_lines += fmt::format(", proxy: \"http://127.0.0.1:{}\"", proxy.port());
  EXPECT_THAT(ask_about("proxy", "servers.default"),
              AllOf(has_verdict("failed"), tells("403")));
}

TEST_F(a_doctor_among_others, finds_a_proxy_that_wants_to_know_who_one_is) {
  serve_by_tls({.names = {"DNS:localhost"}, .valid_to = 24h * 60});
  const support::tinyproxy_process proxy{secure->port(), "ann", "sesame"};
  const auto without = server_lines;
  server_lines += fmt::format(", proxy: \"http://127.0.0.1:{}\"", proxy.port());
  EXPECT_THAT(ask_about("proxy", "servers.default"),
              AllOf(has_verdict("failed"), tells("user:password")));
  server_lines = without + fmt::format(", proxy: \"http://ann:sesame@127.0.0.1"
                                       ":{}\"",
                                       proxy.port());
  EXPECT_THAT(ask_about("proxy", "servers.default"), has_verdict("ok"));
}

TEST_F(a_doctor_among_others, finds_a_proxy_of_the_environment_that_is_down) {
  const support::reserved_port nobody;
  server_lines = "url: \"https://192.0.2.1\"";
  const auto proxy = fmt::format("http://127.0.0.1:{}", nobody.number());
  EXPECT_THAT(ask_about("proxy", "servers.default", {{"https_proxy", proxy}}),
              AllOf(has_verdict("failed"), tells("refused")));
  EXPECT_THAT(ask_about("proxy", "servers.default",
                        {{"https_proxy", proxy}, {"no_proxy", "192.0.2.1"}}),
              AllOf(has_verdict("ok"), tells("NO_PROXY")));
}

TEST_F(a_doctor_among_others, leaves_the_proxy_out_where_there_is_none) {
  EXPECT_THAT(ask_about("proxy", "servers.default"), has_verdict("left_out"));
}

// --- clock ------------------------------------------------------------------

TEST_F(a_doctor_among_others, compares_the_clock_with_the_servers) {
  const auto with = [&](std::chrono::seconds off) {
    const auto reply =
        fmt::format("HTTP/1.1 200 OK\r\nDate: {}\r\nContent-Length: 0\r\n\r\n",
                    core::to_http_date(std::chrono::system_clock::now() + off));
    test::script_server other{test::always(reply)};
    server_lines = fmt::format("url: \"http://127.0.0.1:{}\"", other.port());
    return ask_about("clock", "servers.default");
  };
  EXPECT_THAT(with(0s), has_verdict("ok"));
  EXPECT_THAT(with(60s), has_verdict("warning"));
  EXPECT_THAT(with(10min), AllOf(has_verdict("failed"), tells("behind")));
  EXPECT_THAT(with(-10min), AllOf(has_verdict("failed"), tells("ahead")));
}

TEST_F(a_doctor_among_others, holds_the_clock_to_the_tolerance_of_signatures) {
  endpoint = "{id: hook, path: /hook, signature: {scheme: stripe, secret: "
             "\"whsec_${HOOK_SECRET}\", tolerance: 20s}}";
  test::script_server other{test::always(
      fmt::format("HTTP/1.1 200 OK\r\nDate: {}\r\nContent-Length: 0\r\n\r\n",
                  core::to_http_date(std::chrono::system_clock::now() + 60s)))};
  server_lines = fmt::format("url: \"http://127.0.0.1:{}\"", other.port());
  EXPECT_THAT(ask_about("clock", "servers.default"), has_verdict("failed"));
}

// --- dead_letters -----------------------------------------------------------

TEST_F(a_doctor_among_others, finds_whether_redis_is_there) {
  support::redis_process redis;
  more = fmt::format("dead_letters: [{{name: store, type: redis, url: "
                     "\"redis://127.0.0.1:{}\"}}]\n",
                     redis.port());
  EXPECT_THAT(ask_about("dead_letters", "dead_letters.store"),
              has_verdict("ok"));
  redis.kill();
  EXPECT_THAT(ask_about("dead_letters", "dead_letters.store"),
              AllOf(has_verdict("failed"), tells("redis")));
}

TEST_F(a_doctor_among_others, finds_a_folder_of_letters_that_is_none) {
  more = "dead_letters: [{name: disk, type: file, path: letters/new}]\n";
  EXPECT_THAT(ask_about("dead_letters", "dead_letters.disk"),
              has_verdict("ok"));
  folder.write("letters/new", "a file");
  EXPECT_THAT(ask_about("dead_letters", "dead_letters.disk"),
              AllOf(has_verdict("failed"), tells("no folder")));
}

TEST_F(a_doctor_among_others, finds_a_url_for_letters_that_is_down) {
  const support::reserved_port nobody;
  const auto with = [&](const std::string& url) {
    more = fmt::format(
        "dead_letters: [{{name: other, type: http, url: \"{}\"}}]\n", url);
    return ask_about("dead_letters", "dead_letters.other");
  };
  EXPECT_THAT(with(server->url() + "/letters"), has_verdict("ok"));
  EXPECT_THAT(with(fmt::format("http://127.0.0.1:{}/", nobody.number())),
              has_verdict("failed"));
}

TEST_F(a_doctor_among_others, finds_that_rabbitmq_is_down) {
  const support::reserved_port nobody;
  more = fmt::format("dead_letters: [{{name: queue, type: amqp, url: "
                     "\"amqp://guest:guest@127.0.0.1:{}/\"}}]\n",
                     nobody.number());
  EXPECT_THAT(ask_about("dead_letters", "dead_letters.queue"),
              has_verdict("failed"));
}

// --- all at once ------------------------------------------------------------

TEST_F(a_doctor_among_others, ends_in_time_though_nobody_answers) {
  test::script_server hanging{test::silent()};
  server_lines = fmt::format(
      "url: \"http://127.0.0.1:{}\", request_timeout: 60s", hanging.port());
  const auto begun = std::chrono::steady_clock::now();
  const auto found = ask("servers,clock,proxy,dns", {"--timeout", "0.5"});
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 20s);
  EXPECT_EQ(status, 1);
}

} // namespace
} // namespace mfo::integration
