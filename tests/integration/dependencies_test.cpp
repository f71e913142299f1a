// What a node knows of those that it depends on, and of those who send to it.

#include "tests/integration/fixture.hpp"
#include "tests/support/http_certificates.hpp"
#include "tests/support/http_script_server.hpp"

#include <fmt/format.h>

#include <chrono>

namespace mfo::integration {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;

class what_a_node_depends_on : public running_node {
protected:
  json health() {
    return json::parse(ask_admin("GET", "/health").body, nullptr, false);
  }

  /// Null: it is not there.
  json entry(std::string_view list, std::string_view key,
             std::string_view value) {
    const auto all = health();
    for (const auto& each : all[std::string{list}])
      if (each.value(std::string{key}, "") == value)
        return each;
    return nullptr;
  }

  json dependency(std::string_view name) {
    return entry("dependencies", "name", name);
  }

  bool comes_to(std::string_view name, bool up) {
    return wait_until([&] { return dependency(name)["up"] == up; });
  }
};

TEST_F(what_a_node_depends_on, is_told_with_the_last_success_of_a_server) {
  start();
  EXPECT_TRUE(dependency("default")["up"]);
  EXPECT_FALSE(dependency("default").contains("last_success")) << "no call yet";
  EXPECT_EQ(post("{}").status, 202);
  const auto known = dependency("default");
  EXPECT_EQ(known["kind"], "server");
  EXPECT_TRUE(known.contains("last_success"));
  EXPECT_GT(known["latency_ms"].get<double>(), 0);
  EXPECT_THAT(metrics(), HasSubstr("mfo_dependency_up{kind=\"server\","
                                   "name=\"default\"} 1"));
}

TEST_F(what_a_node_depends_on, is_told_with_the_days_left_of_a_certificate) {
  const test::authority authority;
  folder.write("ca.pem", authority.certificate());
  const test::script_server secure{
      test::always(test::reply_of("{}")),
      test::script_server::options{
          .tls = authority.issue(
              {.names = {"IP:127.0.0.1"}, .valid_to = 24h * 3})}};
  server_url = fmt::format("https://127.0.0.1:{}", secure.port());
  server_options = "tls: {ca_file: ca.pem}";
  start();
  EXPECT_FALSE(dependency("default").contains("certificate_days_left"))
      << "it has not been seen yet";
  EXPECT_EQ(post("{}").status, 202);
  EXPECT_NEAR(dependency("default")["certificate_days_left"].get<double>(), 3,
              0.1);
  EXPECT_THAT(metrics(),
              HasSubstr("mfo_dependency_certificate_expiry_timestamp_seconds"
                        "{kind=\"server\",name=\"default\"}"));
}

TEST_F(what_a_node_depends_on, is_known_to_be_down_before_an_event_needs_it) {
  server_options = "probe_interval: 1s";
  start();
  server->stop();
  EXPECT_TRUE(comes_to("default", false));
  EXPECT_THAT(dependency("default")["detail"].get<std::string>(),
              HasSubstr("refused"));
  EXPECT_EQ(health()["status"], "degraded");
  EXPECT_TRUE(node->wait_for_line("\"dependency down\""));
  serve();
  EXPECT_TRUE(comes_to("default", true));
  EXPECT_TRUE(node->wait_for_line("\"dependency up again\""));
  EXPECT_EQ(post("{}").status, 202);
}

TEST_F(what_a_node_depends_on,
       is_up_again_though_no_event_has_closed_its_circuit) {
  server_options = "probe_interval: 1s, "
                   "breaker: {consecutive_failures: 1, open_for: 60s}";
  start_with("endpoints:\n"
             "  - id: webhook\n"
             "    path: /webhook\n"
             "    signature: {scheme: hmac, secret: \"${WEBHOOK_SECRET}\"}\n"
             "    timeout: 1s\n");
  server->stop();
  EXPECT_GE(post("{}").status, 502);
  EXPECT_TRUE(comes_to("default", false));
  serve();
  EXPECT_TRUE(comes_to("default", true));
  EXPECT_THAT(health()["checks"]["server default"]["detail"].get<std::string>(),
              HasSubstr("circuit open"));
}

TEST_F(what_a_node_depends_on, is_not_asked_where_that_is_not_wanted) {
  server_options = "probe_interval: 0s";
  start("dead_letters: [{name: disk, type: file, path: letters}]\n");
  // The sink is probed after 5 s, when a server would have been long ago.
  EXPECT_TRUE(
      wait_until([&] { return dependency("disk").contains("last_success"); }));
  EXPECT_FALSE(dependency("default").contains("last_success"));
}

TEST_F(what_a_node_depends_on, has_sinks_that_are_probed) {
  const support::reserved_port nobody;
  start(fmt::format("dead_letters: [{{name: stream, type: redis, url: "
                    "\"redis://127.0.0.1:{}\"}}]\n",
                    nobody.number()));
  EXPECT_TRUE(comes_to("stream", false));
  EXPECT_EQ(dependency("stream")["kind"], "sink");
  EXPECT_EQ(health()["checks"]["dead letters to stream"]["status"], "failing");
}

TEST_F(what_a_node_depends_on, has_sources_that_may_go_silent) {
  start_with("endpoints:\n"
             "  - id: webhook\n"
             "    path: /webhook\n"
             "    signature: {scheme: hmac, secret: \"${WEBHOOK_SECRET}\"}\n"
             "    silent_after: 1s\n");
  EXPECT_EQ(post("{}").status, 202);
  const auto source = [this] {
    return entry("sources", "endpoint", "webhook");
  };
  EXPECT_TRUE(wait_until([&] { return source().contains("last_event"); }));
  EXPECT_TRUE(wait_until([&] { return source()["silent"] == true; }));
  EXPECT_TRUE(node->wait_for_line("\"source silent\""));
  EXPECT_THAT(metrics(),
              HasSubstr("mfo_source_silent{endpoint=\"webhook\"} 1"));
  EXPECT_EQ(health()["status"], "ok") << "the node is none the worse";
  EXPECT_TRUE(wait_until(
      [&] { return post("{}").status == 202 && source()["silent"] == false; }));
}

} // namespace

} // namespace mfo::integration
