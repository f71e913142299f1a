// Who may ask the admin listener what, and how it is guarded.

#include "http/admin.hpp"
#include "http/admin_access.hpp"
#include "tests/devserver/raw_client.hpp"
#include "tests/support/exposition.hpp"
#include "tests/support/http_certificates.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tls_client.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <string>

namespace mfo::http {

namespace {

using devserver::raw_client;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string token = "0123456789abcdef";
const std::string other_token = "fedcba9876543210";

constexpr const char* closed_pages[]{"/health", "/metrics", "/api/v1/log-level",
                                     "/console", "/health/live/x"};

struct a_guarded_admin : testing::Test {
  void open() {
    if (access.tls.enabled()) {
      auto made = listener_tls::open(access.tls, "admin", observer);
      ASSERT_TRUE(made) << made.error();
      tls = *made;
    }
    auto opened =
        admin::open({"127.0.0.1", 0}, {.state = state,
                                       .observer = observer,
                                       .node_name = "node-1",
                                       .access = access,
                                       .tls = tls,
                                       .checks = [] {
                                         return std::vector<health_check>{};
                                       }});
    ASSERT_TRUE(opened) << opened.error();
    door = std::move(*opened);
  }

  void need_tokens() {
    access.tokens = {config::secret(token), config::secret(other_token)};
  }

  void speak_tls() {
    const auto own = ours.issue({{"IP:127.0.0.1"}});
    access.tls.certificate = files.write("admin.pem", own.certificate);
    access.tls.key = files.write("admin.key", own.key);
  }

  [[nodiscard]] devserver::answer ask(std::string_view method,
                                      std::string_view target,
                                      const std::string& authorization = {},
                                      std::string_view body = {}) const {
    devserver::field_list fields{{"Host", "localhost"}};
    if (!authorization.empty())
      fields.emplace_back("Authorization", authorization);
    return devserver::ask(door->port(), method, target, body, fields);
  }

  const test::authority ours;
  const test::authority clients;
  support::temporary_folder files;
  config::admin_settings access;
  std::shared_ptr<listener_tls> tls;
  std::shared_ptr<node_state> state = std::make_shared<node_state>();
  std::vector<std::string> lines; ///< of the log
  telemetry::observer observer{
      std::make_shared<telemetry::metrics>(std::vector<std::string>{"orders"},
                                           telemetry::upstream_names{}),
      std::make_shared<telemetry::log>(
          config::log_settings{},
          [this](std::string_view line) { lines.emplace_back(line); })};
  std::unique_ptr<admin> door;
};

TEST_F(a_guarded_admin, asks_for_a_token) {
  need_tokens();
  open();
  for (const auto* page : closed_pages) {
    const auto answer = ask("GET", page);
    EXPECT_EQ(answer.status, 401) << page;
    EXPECT_EQ(answer.header("www-authenticate"), "Bearer");
    EXPECT_EQ(answer.header("content-type"), "application/problem+json");
    EXPECT_THAT(answer.body, Not(HasSubstr(token)));
  }
  EXPECT_EQ(ask("PUT", "/api/v1/log-level", "", R"({"level":"debug"})").status,
            401);
  EXPECT_EQ(observer.log->level(), config::log_level::info);
  EXPECT_EQ(support::sum_of(observer.metrics->expose(),
                            "mfo_admin_unauthorized_total"),
            6);
  EXPECT_THAT(lines,
              ElementsAre(HasSubstr("admin request without a good token")))
      << "once in a while";
}

TEST_F(a_guarded_admin, takes_any_of_its_tokens) {
  need_tokens();
  open();
  for (const auto& one : {token, other_token}) {
    EXPECT_EQ(ask("GET", "/metrics", "Bearer " + one).status, 200);
    EXPECT_EQ(ask("GET", "/metrics", "bearer " + one).status, 200);
    EXPECT_EQ(
        ask("PUT", "/api/v1/log-level", "Bearer " + one, R"({"level":"debug"})")
            .status,
        200);
  }
  EXPECT_EQ(ask("GET", "/nowhere", "Bearer " + token).status, 404);
}

TEST_F(a_guarded_admin, takes_nothing_that_only_looks_like_a_token) {
  need_tokens();
  open();
  for (const auto& wrong :
       {std::string{"Bearer"}, std::string{"Bearer "}, token,
        "Bearer  " + token, "Bearer " + token + "0",
        "Bearer " + token.substr(1), "Basic " + token, "Bearer\t" + token,
        "Bearer " + token + "," + other_token, std::string{"B"}})
    EXPECT_EQ(ask("GET", "/metrics", wrong).status, 401) << wrong;
  EXPECT_EQ(devserver::ask(door->port(), "GET", "/metrics", "",
                           {{"Authorization", "Bearer " + token},
                            {"Authorization", "Bearer " + token}})
                .status,
            401)
      << "said twice";
}

TEST_F(a_guarded_admin, answers_probes_without_a_token) {
  need_tokens();
  open();
  EXPECT_EQ(ask("GET", "/health/live").status, 200);
  EXPECT_EQ(ask("GET", "/health/ready").status, 503);
  state->advance(node_phase::ready);
  EXPECT_EQ(ask("GET", "/health/ready").status, 200);
  EXPECT_EQ(ask("HEAD", "/health/live?x").status, 200);
}

TEST(who_may_use_the_admin_listener, is_known_by_token_or_certificate) {
  config::admin_settings settings;
  EXPECT_FALSE(admin_access{settings}.knows_callers());
  EXPECT_TRUE(admin_access{settings}.allows(""));
  settings.tls.certificate = "a.pem";
  settings.tls.client_auth = config::client_auth_mode::request;
  EXPECT_FALSE(admin_access{settings}.knows_callers());
  settings.tls.client_auth = config::client_auth_mode::require;
  EXPECT_TRUE(admin_access{settings}.knows_callers());
  settings.tls = {};
  settings.tokens = {config::secret(token)};
  EXPECT_TRUE(admin_access{settings}.knows_callers());
  EXPECT_FALSE(admin_access{settings}.allows(""));
}

TEST_F(a_guarded_admin, speaks_tls) {
  speak_tls();
  open();
  test::tls_client client{door->port(), {.trusted = ours.certificate()}};
  EXPECT_EQ(client.failure(), "");
  client.write("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 200 "));
  client.write("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.read_answer(),
              HasSubstr("mfo_tls_handshakes_total{listener=\"admin\","
                        "result=\"ok\"} 1\n"));
  raw_client plain{door->port()};
  plain.write("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(plain.read_all(), Not(HasSubstr("HTTP")));
}

TEST_F(a_guarded_admin, knows_its_callers_by_their_certificates) {
  speak_tls();
  access.tls.client_ca = files.write("clients.pem", clients.certificate());
  access.tls.client_auth = config::client_auth_mode::require;
  open();
  test::tls_client good{door->port(),
                        {.trusted = ours.certificate(),
                         .own = clients.issue({{"DNS:prometheus"}})}};
  good.write("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(good.read_answer(), StartsWith("HTTP/1.1 200 "));
  test::tls_client none{door->port(), {.trusted = ours.certificate()}};
  none.write("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(none.read_all(), "");
}

TEST_F(a_guarded_admin, refuses_what_an_intermediary_may_read_differently) {
  open();
  raw_client client{door->port()};
  client.write("GET /metrics HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
  const auto answer = client.read();
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  EXPECT_EQ(answer.header("connection"), "close");
}

TEST_F(a_guarded_admin, says_what_is_too_large) {
  open();
  EXPECT_EQ(ask("PUT", "/api/v1/log-level", "", std::string(5'000, 'x')).status,
            413);
  EXPECT_EQ(devserver::ask(door->port(), "GET", "/health/live", "",
                           {{"X-Large", std::string(9'000, 'x')}})
                .status,
            431);
}

TEST_F(a_guarded_admin, leaves_room_for_others_whoever_comes_often) {
  open();
  std::vector<std::unique_ptr<raw_client>> open_ones;
  for (int i = 0; i < 32; ++i) {
    open_ones.push_back(std::make_unique<raw_client>(door->port()));
    EXPECT_EQ(open_ones.back()->ask("GET", "/health/live").status, 200);
  }
  EXPECT_EQ(ask("GET", "/health/live").status, 429);
  raw_client other{door->port(), "127.0.0.2"};
  EXPECT_EQ(other.ask("GET", "/health/live").status, 200);
}

} // namespace

} // namespace mfo::http
