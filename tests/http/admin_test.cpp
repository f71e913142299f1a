#include "http/admin.hpp"

#include "telemetry/version.hpp"
#include "tests/devserver/raw_client.hpp"
#include "tests/support/wait_until.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace mfo::http {

namespace {

using config::log_level;
using devserver::raw_client;
using nlohmann::json;
using testing::EndsWith;
using testing::HasSubstr;

constexpr const char* pages[]{"/health", "/health/live", "/health/ready",
                              "/metrics", "/api/v1/log-level"};

struct an_admin : testing::Test {
  an_admin() {
    auto opened = admin::open({"127.0.0.1", 0}, deps());
    if (opened)
      door = std::move(*opened);
    else
      ADD_FAILURE() << opened.error();
  }

  admin_deps deps() {
    return {.state = state,
            .observer = observer,
            .node_name = "node-1",
            .checks = [this] {
              return checks;
            }};
  }

  devserver::answer ask(std::string_view method, std::string_view target,
                        std::string_view body = {}) const {
    return devserver::ask(door->port(), method, target, body,
                          {{"Host", "localhost"}});
  }

  json get(std::string_view target, int status) const {
    const auto answer = ask("GET", target);
    EXPECT_EQ(answer.status, status) << target;
    EXPECT_EQ(answer.header("content-type"), "application/json");
    return json::parse(answer.body);
  }

  /// What the log has said since the last time.
  std::vector<std::string> logged() {
    const std::lock_guard lock{mutex};
    return std::exchange(lines, {});
  }

  std::mutex mutex;
  std::vector<std::string> lines; ///< guarded by mutex
  std::shared_ptr<node_state> state = std::make_shared<node_state>();
  telemetry::observer observer{
      std::make_shared<telemetry::metrics>(std::vector<std::string>{"orders"},
                                           telemetry::upstream_names{}),
      std::make_shared<telemetry::log>(config::log_settings{},
                                       [this](std::string_view line) {
                                         const std::lock_guard lock{mutex};
                                         lines.emplace_back(line);
                                       })};
  std::vector<health_check> checks; ///< set before the first request alone
  std::unique_ptr<admin> door;
};

TEST_F(an_admin, is_live_whatever_the_node_does) {
  for (const auto phase : {node_phase::starting, node_phase::ready,
                           node_phase::draining, node_phase::failed}) {
    state->advance(phase);
    EXPECT_EQ(get("/health/live", 200), json({{"status", "ok"}}));
    EXPECT_THAT(ask("GET", "/health/live").header("date"), EndsWith(" GMT"));
  }
}

TEST_F(an_admin, is_ready_when_the_node_is) {
  const std::pair<node_phase, int> phases[]{{node_phase::starting, 503},
                                            {node_phase::ready, 200},
                                            {node_phase::draining, 503},
                                            {node_phase::failed, 503}};
  for (const auto& [phase, status] : phases) {
    state->advance(phase);
    EXPECT_EQ(get("/health/ready", status)["status"], to_string(phase));
  }
}

TEST_F(an_admin, tells_the_health_of_a_node) {
  checks = {{"upstream", true, "last success 1 s ago"}};
  state->advance(node_phase::ready);
  const auto health = get("/health", 200);
  EXPECT_EQ(health["status"], "ok");
  EXPECT_EQ(health["phase"], "ready");
  EXPECT_EQ(health["node"], "node-1");
  EXPECT_EQ(health["version"], telemetry::version);
  EXPECT_GE(health["uptime_seconds"].get<int>(), 0);
  EXPECT_EQ(health["checks"]["upstream"],
            json({{"status", "ok"}, {"detail", "last success 1 s ago"}}));
}

TEST_F(an_admin, tells_of_a_check_that_fails) {
  checks = {{"upstream", false, "connection refused"}, {"disk", true, ""}};
  state->advance(node_phase::ready);
  const auto health = get("/health", 200);
  EXPECT_EQ(health["status"], "degraded");
  EXPECT_EQ(health["checks"]["upstream"]["status"], "failing");
  EXPECT_EQ(health["checks"]["upstream"]["detail"], "connection refused");
  EXPECT_EQ(health["checks"]["disk"]["status"], "ok");
}

TEST_F(an_admin, tells_that_a_node_is_not_ready) {
  EXPECT_EQ(get("/health", 503)["status"], "unavailable");
  state->advance(node_phase::draining);
  EXPECT_EQ(get("/health", 503)["phase"], "draining");
}

TEST_F(an_admin, gives_json_whatever_a_check_says) {
  checks = {{"upstream", false, "\"quoted\"\n\xff"}};
  state->advance(node_phase::ready);
  EXPECT_EQ(get("/health", 200)["checks"]["upstream"]["detail"],
            "\"quoted\"\n\xEF\xBF\xBD");
}

TEST_F(an_admin, shows_the_metrics) {
  observer.metrics->events()->open(1).delivered();
  const auto answer = ask("GET", "/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "text/plain; version=0.0.4");
  EXPECT_NE(
      answer.body.find("\nmfo_events_delivered_total{endpoint=\"orders\"} 1\n"),
      std::string::npos);
}

TEST_F(an_admin, tells_the_log_level) {
  EXPECT_EQ(get("/api/v1/log-level", 200), json({{"level", "info"}}));
}

TEST_F(an_admin, changes_the_log_level) {
  for (const auto* level : {"trace", "debug", "info", "warn", "error", "off"}) {
    const json wanted{{"level", level}};
    const auto answer = ask("PUT", "/api/v1/log-level", wanted.dump());
    EXPECT_EQ(answer.status, 200) << level;
    EXPECT_EQ(json::parse(answer.body), wanted);
    EXPECT_EQ(telemetry::to_string(observer.log->level()), level);
  }
}

TEST_F(an_admin, has_the_log_tell_who_changes_its_level) {
  const auto put = [this](const std::string& level) {
    logged();
    ask("PUT", "/api/v1/log-level", json{{"level", level}}.dump());
    return logged();
  };
  const auto tells = [](const std::string& from, const std::string& to) {
    return testing::AllOf(HasSubstr("\"old\":\"" + from + "\""),
                          HasSubstr("\"new\":\"" + to + "\""),
                          HasSubstr("\"peer\":\"127.0.0.1\""));
  };
  EXPECT_THAT(put("debug"), testing::ElementsAre(tells("info", "debug"),
                                                 tells("info", "debug")));
  EXPECT_THAT(put("off"), testing::ElementsAre(tells("debug", "off")));
  EXPECT_THAT(put("trace"), testing::ElementsAre(tells("off", "trace")));
}

TEST_F(an_admin, changes_nothing_when_it_is_asked_for_nonsense) {
  for (const auto* body :
       {"", "debug", "\"debug\"", "[]", "{}", R"({"level":1})",
        R"({"level":"DEBUG"})", R"({"level":"verbose"})", R"({"level":null})",
        R"({"Level":"debug"})", R"({"level":"info","level":"debug"})",
        R"({"level":"debug")"}) {
    const auto answer = ask("PUT", "/api/v1/log-level", body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.header("content-type"), "application/problem+json");
    EXPECT_EQ(json::parse(answer.body)["status"], 400);
    EXPECT_EQ(observer.log->level(), log_level::info) << body;
  }
}

TEST_F(an_admin, reads_no_large_body) {
  const auto body =
      R"({"level":"debug","x":")" + std::string(5'000, 'x') + R"("})";
  const auto answer = ask("PUT", "/api/v1/log-level", body);
  EXPECT_NE(answer.status, 200);
  EXPECT_EQ(observer.log->level(), log_level::info);
  EXPECT_EQ(ask("GET", "/health/live").status, 200) << "and lives on";
}

TEST_F(an_admin, knows_no_other_path) {
  for (const auto* path :
       {"/consoles", "/console/", "/health/", "/Health", "/health/live/x",
        "/metric", "/api/v1", "/webhook"}) {
    const auto answer = ask("GET", path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.header("content-type"), "application/problem+json");
    EXPECT_THAT(answer.body, HasSubstr("/health/ready"));
  }
}

TEST_F(an_admin, does_not_care_for_the_query_of_a_prober) {
  EXPECT_EQ(ask("GET", "/health/live?verbose=1").status, 200);
  EXPECT_EQ(ask("GET", "/metrics?module=x").status, 200);
}

TEST_F(an_admin, refuses_a_query_that_the_api_does_not_know) {
  for (const auto* page : {"/api/v1/log-level", "/api/v1/openapi.json"}) {
    EXPECT_EQ(get(std::string{page} + "?", 200).is_object(), true) << page;
    const auto answer = ask("GET", std::string{page} + "?x=1");
    EXPECT_EQ(answer.status, 400) << page;
    EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  }
  EXPECT_EQ(ask("PUT", "/api/v1/log-level?x=1", R"({"level":"debug"})").status,
            400);
  EXPECT_EQ(observer.log->level(), log_level::info);
}

TEST_F(an_admin, allows_the_methods_that_it_names) {
  for (const auto* page : pages) {
    const bool level = std::string_view{page} == "/api/v1/log-level";
    for (const auto* method :
         {"POST", "DELETE", "PATCH", "OPTIONS", "PUT", "FOO"}) {
      if (level && std::string_view{method} == "PUT")
        continue;
      const auto answer = ask(method, page);
      EXPECT_EQ(answer.status, 405) << method << " " << page;
      EXPECT_EQ(answer.header("allow"), level ? "GET, HEAD, PUT" : "GET, HEAD");
      EXPECT_THAT(answer.body, HasSubstr("Use one of GET, HEAD")) << method;
    }
  }
}

TEST_F(an_admin, knows_no_other_path_whatever_the_method) {
  const auto answer = ask("FOO", "/webhook");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.header("allow"), "");
}

TEST_F(an_admin, answers_head_as_get_without_the_body) {
  state->advance(node_phase::ready);
  for (const auto* page : pages) {
    raw_client client{door->port()};
    client.write("HEAD " + std::string{page} +
                 " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    const auto text = client.read_all();
    EXPECT_TRUE(text.starts_with("HTTP/1.1 200 OK\r\n")) << text.substr(0, 80);
    EXPECT_TRUE(text.ends_with("\r\n\r\n")) << page << " has a body";
    const auto get = ask("GET", page);
    EXPECT_THAT(text, HasSubstr("Content-Type: " + get.header("content-type")));
    // What the metrics say changes with each request, and so may its length.
    if (std::string_view{page} != "/metrics")
      EXPECT_THAT(text, HasSubstr("Content-Length: " +
                                  std::to_string(get.body.size()) + "\r\n"));
    else
      EXPECT_EQ(text.find("Content-Length: 0\r\n"), std::string::npos);
  }
}

TEST_F(an_admin, is_never_kept_by_a_cache) {
  for (const auto* page : pages)
    EXPECT_EQ(ask("GET", page).header("cache-control"), "no-store");
}

TEST_F(an_admin, answers_again_and_again_on_one_connection) {
  raw_client client{door->port()};
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(client.ask("GET", "/health/live").status, 200);
}

TEST_F(an_admin, lives_on_after_what_is_no_request) {
  raw_client client{door->port()};
  client.write("nonsense\r\n\r\n");
  client.read_all();
  EXPECT_EQ(ask("GET", "/health/live").status, 200);
}

TEST_F(an_admin, sends_what_it_owes_before_it_ends) {
  const auto tape = std::make_shared<recorder>();
  auto with_tape = deps();
  // More than a socket takes at once.
  constexpr std::size_t size = 2 * 1024 * 1024;
  config::recording_settings settings;
  settings.enabled = true;
  settings.max_bytes = 2 * size;
  with_tape.recording = {.by = tape,
                         .settings = [settings] { return settings; },
                         .knows =
                             [](const std::string&) {
                               return true;
                             }};
  door = std::move(*admin::open({"127.0.0.1", 0}, std::move(with_tape)));
  raw_client waits{door->port()};
  waits.write("POST /api/v1/endpoints/orders/recording HTTP/1.1\r\n"
              "Host: localhost\r\nContent-Length: 0\r\n\r\n");
  ASSERT_TRUE(support::wait_until([&] { return tape->is_on(); }));
  config::endpoint_settings orders;
  orders.id = "orders";
  recorded_request request{
      .endpoint = std::make_shared<const config::endpoint_settings>(orders),
      .body = '"' + std::string(size, 'x') + '"'};
  core::event event;
  event.endpoint = request.endpoint;
  tape->open(std::move(request))->ended(event, {}, false);
  auto reading = std::async(std::launch::async, [&] { return waits.read(); });
  tape->end_all();
  door.reset();
  const auto got = reading.get();
  EXPECT_EQ(got.status, 200);
  const auto told = json::parse(got.body, nullptr, false);
  ASSERT_TRUE(told.is_object()) << got.body.size() << " bytes";
  EXPECT_GT(got.body.size(), size);
}

TEST_F(an_admin, ends_in_time_whoever_does_not_read) {
  auto with_text = deps();
  with_text.view.history =
      std::make_shared<telemetry::history>(std::chrono::steady_clock::now());
  std::atomic<bool> asked = false;
  with_text.view.config = [&] {
    asked = true;
    return std::string(16 * 1024 * 1024, 'x');
  };
  door = std::move(*admin::open({"127.0.0.1", 0}, std::move(with_text)));
  raw_client reads_nothing{door->port()};
  reads_nothing.write("GET /api/v1/config HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(support::wait_until([&] { return asked.load(); }));
  const auto began = std::chrono::steady_clock::now();
  door.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - began, support::patience);
}

TEST_F(an_admin, says_in_one_line_why_it_cannot_listen) {
  const auto second = admin::open({"127.0.0.1", door->port()}, deps());
  ASSERT_FALSE(second);
  EXPECT_TRUE(second.error().starts_with(
      "cannot listen on 127.0.0.1:" + std::to_string(door->port()) + ": "))
      << second.error();
  EXPECT_EQ(second.error().find('\n'), std::string::npos);
}

} // namespace

} // namespace mfo::http
