#include "http/admin/view_routes.hpp"

#include "http/admin/history_json.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <string>
#include <utility>

namespace mfo::http {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

/// The paths of a node that says fixed things.
struct the_views : testing::Test {
  answer ask(const std::string& path, std::string_view query = {}) const {
    const auto at = find_admin_route(path);
    EXPECT_TRUE(at) << path;
    admin_request request{};
    request.method = "GET";
    request.path = path;
    request.query = query;
    return routes.handle(request, *at);
  }

  std::shared_ptr<telemetry::history> book =
      std::make_shared<telemetry::history>(std::chrono::steady_clock::now());
  view_routes routes{{.history = book,
                      .overview = [] { return std::string{R"({"a":1})"}; },
                      .config = [] { return std::string{R"({"b":2})"}; },
                      .taskflows =
                          [] {
                            return std::string{R"({"c":3})"};
                          }}};
};

TEST_F(the_views, are_what_the_node_says) {
  for (const auto& [path, body] :
       {std::pair{"/api/v1/overview", R"({"a":1})"},
        std::pair{"/api/v1/config", R"({"b":2})"},
        std::pair{"/api/v1/taskflows", R"({"c":3})"}}) {
    const auto got = ask(path);
    EXPECT_EQ(got.status, 200) << path;
    EXPECT_EQ(got.media_type, "application/json");
    EXPECT_EQ(got.body, body);
  }
}

TEST_F(the_views, show_the_last_hour_by_themselves) {
  const auto got = ask("/api/v1/history");
  EXPECT_EQ(got.status, 200);
  const auto shown = json::parse(got.body);
  EXPECT_EQ(shown["step_seconds"], 10);
  EXPECT_EQ(shown["received"].size(), 360u);
}

TEST_F(the_views, show_as_much_time_as_is_wanted) {
  const auto shown = json::parse(ask("/api/v1/history", "minutes=1440").body);
  EXPECT_EQ(shown["step_seconds"], 60);
  EXPECT_EQ(shown["p99"].size(), 1'440u);
  for (const auto* wrong :
       {"minutes=0", "minutes=1441", "minutes=", "minutes=1h", "hours=1"})
    EXPECT_EQ(ask("/api/v1/history", wrong).status, 400) << wrong;
}

TEST(a_history_as_json, has_null_where_nothing_is_known) {
  telemetry::history::step step{
      .events = {.received = 4,
                 .delivered = 2,
                 .refused = 1,
                 .dead_lettered = 0,
                 .handed_over = 0,
                 .in_flight = 1,
                 .failed = 1},
      .answers = telemetry::answer_times{0.001s, 0.002s, 0.003s}};
  const telemetry::history::view seen{
      .length = 10s,
      .from = 1'500ms,
      .steps = {std::nullopt, step, telemetry::history::step{}}};
  EXPECT_EQ(to_json(seen), json::parse(R"({
    "step_seconds": 10, "from": "1970-01-01T00:00:01.500Z",
    "received": [null, 4, 0], "delivered": [null, 2, 0],
    "refused": [null, 1, 0], "dead_lettered": [null, 0, 0],
    "failed": [null, 1, 0], "in_flight": [null, 1, 0],
    "p50": [null, 1.0, null], "p95": [null, 2.0, null],
    "p99": [null, 3.0, null]})"));
}

} // namespace

} // namespace mfo::http
