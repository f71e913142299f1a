// Runs, and starts by hand, over real connections, with an engine that does
// what the test says.

#include "tests/http/admin/task_fixture.hpp"

#include <future>
#include <string>
#include <thread>
#include <utility>

namespace mfo::http {

namespace {

using namespace std::chrono_literals;
using devserver::field_list;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// --- runs ---

TEST_F(an_admin_with_taskflows, lists_runs_newest_first) {
  auto a = begin("a");
  auto b = begin("b", "other");
  a.ended("Failed", telemetry::run_problem{"raised", "no stock", "check"},
          at + 1'500us);
  EXPECT_EQ(get("/api/v1/runs"),
            json({{"runs",
                   {{{"id", "b"},
                     {"workflow", "intake"},
                     {"taskflow", "other"},
                     {"trigger", "gh"},
                     {"event_id", "event-1"},
                     {"started_at", "1970-01-01T00:00:01.000Z"},
                     {"state", "running"},
                     {"tasks_total", 0}},
                    {{"id", "a"},
                     {"workflow", "intake"},
                     {"taskflow", "main"},
                     {"trigger", "gh"},
                     {"event_id", "event-1"},
                     {"started_at", "1970-01-01T00:00:01.000Z"},
                     {"state", "ended"},
                     {"duration_ms", 1.5},
                     {"outcome", "Failed"},
                     {"error",
                      {{"code", "raised"},
                       {"message", "no stock"},
                       {"task", "check"}}},
                     {"tasks_total", 0}}}}}));
}

TEST_F(an_admin_with_taskflows, lists_the_runs_that_are_asked_for) {
  auto a = begin("a");
  auto b = begin("b", "other");
  auto c = begin("c");
  a.ended("Failed", std::nullopt, at);
  b.ended("Succeeded", std::nullopt, at);
  EXPECT_THAT(ids("/api/v1/runs?state=running"), ElementsAre("c"));
  EXPECT_THAT(ids("/api/v1/runs?state=ended"), ElementsAre("b", "a"));
  EXPECT_THAT(ids("/api/v1/runs?taskflow=other"), ElementsAre("b"));
  EXPECT_THAT(ids("/api/v1/runs?workflow=intake&taskflow=main"),
              ElementsAre("c", "a"));
  EXPECT_THAT(ids("/api/v1/runs?outcome=Failed"), ElementsAre("a"));
  EXPECT_THAT(ids("/api/v1/runs?limit=1"), ElementsAre("c"));
  EXPECT_THAT(ids("/api/v1/runs?taskflow=m%61in&limit=1"), ElementsAre("c"));
}

TEST_F(an_admin_with_taskflows, passes_over_no_filter_that_it_does_not_know) {
  for (const auto* query :
       {"state=done", "outcome=failed", "limit=0", "limit=x", "limit=10001",
        "flow=main", "state=ended&state=running", "taskflow=%ff"}) {
    const auto answer = ask("GET", "/api/v1/runs?" + std::string{query});
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_EQ(answer.header("content-type"), "application/problem+json");
    EXPECT_EQ(json::parse(answer.body)["status"], 400);
  }
}

TEST_F(an_admin_with_taskflows, shows_a_run_with_its_tasks) {
  using kind = telemetry::task_note::kind;
  auto run = begin("a");
  run.note({kind::began, "ask", "ask_user", at + 1ms});
  run.note({kind::began, "file", "http_call", at + 2ms});
  const telemetry::run_problem problem{"timeout", "took too long", "file"};
  run.note(
      {kind::ended, "file", "http_call", at + 4500us, "Errored", &problem, 3});
  const auto shown = get("/api/v1/runs/a");
  EXPECT_EQ(shown["id"], "a");
  EXPECT_EQ(shown["tasks_total"], 2);
  EXPECT_EQ(shown["tasks_left_out"], 0);
  EXPECT_EQ(shown["tasks"], json::array({{{"path", "ask"},
                                          {"type", "ask_user"},
                                          {"began_ms", 1.0},
                                          {"attempts", 1},
                                          {"state", "running"}},
                                         {{"path", "file"},
                                          {"type", "http_call"},
                                          {"began_ms", 2.0},
                                          {"attempts", 3},
                                          {"state", "ended"},
                                          {"duration_ms", 2.5},
                                          {"outcome", "Errored"},
                                          {"error",
                                           {{"code", "timeout"},
                                            {"message", "took too long"},
                                            {"task", "file"}}}}}));
  EXPECT_EQ(ask("GET", "/api/v1/runs/b").status, 404);
}

TEST_F(an_admin_with_taskflows, cancels_a_run) {
  auto run = begin("a");
  const auto answer = ask("POST", "/api/v1/runs/a/cancel");
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(json::parse(answer.body),
            json({{"run", "a"}, {"state", "cancelling"}}));
  EXPECT_THAT(cancelled, ElementsAre("a"));
  EXPECT_THAT(all_lines(), HasSubstr("\"run cancelled by hand\",\"run\":\"a\","
                                     "\"peer\":\"127.0.0.1\""));
}

TEST_F(an_admin_with_taskflows, cancels_no_run_that_has_ended) {
  begin("a").ended("Succeeded", std::nullopt, at);
  EXPECT_EQ(ask("POST", "/api/v1/runs/a/cancel").status, 409);
  EXPECT_EQ(ask("POST", "/api/v1/runs/b/cancel").status, 404);
  EXPECT_THAT(cancelled, IsEmpty());
}

// --- starts ---

TEST_F(an_admin_with_taskflows, starts_a_run) {
  manual_start asked;
  engine = [&](manual_start what, const auto& begun, const auto& ended) {
    asked = std::move(what);
    EXPECT_FALSE(ended);
    begun("run-1");
  };
  const auto answer = ask(
      "POST", "/api/v1/taskflows/intake/main/runs?trigger=hand", R"({"n":1})");
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(json::parse(answer.body)["run"], "run-1");
  EXPECT_EQ(answer.header("location"), "/api/v1/runs/run-1");
  EXPECT_EQ(asked.workflow, "intake");
  EXPECT_EQ(asked.taskflow, "main");
  EXPECT_EQ(asked.trigger, "hand");
  EXPECT_EQ(asked.input, R"({"n":1})");
  EXPECT_THAT(all_lines(),
              HasSubstr("\"run started by hand\",\"run\":\"run-1\","
                        "\"workflow\":\"intake\",\"taskflow\":\"main\","
                        "\"peer\":\"127.0.0.1\""));
}

TEST_F(an_admin_with_taskflows, waits_for_the_end_of_a_run) {
  std::thread other;
  engine = [&](const manual_start& what, const auto& begun, const auto& ended) {
    EXPECT_EQ(what.input, "");
    other = std::thread{[=] {
      begun("run-1");
      ended({"Succeeded", "[1,2]"});
    }};
  };
  const auto answer =
      ask("POST", "/api/v1/taskflows/intake/main/runs?wait=30s");
  other.join();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(json::parse(answer.body)["outcome"], "Succeeded");
  EXPECT_EQ(json::parse(answer.body)["result"], json({1, 2}));
}

TEST_F(an_admin_with_taskflows, answers_others_while_somebody_waits) {
  std::promise<task_control::ended_function> promised;
  engine = [&](const manual_start&, const auto& begun, const auto& ended) {
    begun("run-1");
    promised.set_value(ended);
  };
  devserver::raw_client patient{door->port()};
  patient.write("POST /api/v1/taskflows/intake/main/runs?wait=10m HTTP/1.1\r\n"
                "Host: localhost\r\nContent-Length: 0\r\n\r\n");
  const auto end = promised.get_future().get();
  EXPECT_EQ(ask("GET", "/health/live").status, 200);
  end({"Cancelled", ""});
  EXPECT_EQ(json::parse(patient.read().body)["outcome"], "Cancelled");
}

TEST_F(an_admin_with_taskflows, closes_while_somebody_waits) {
  std::promise<task_control::ended_function> promised;
  engine = [&](const manual_start&, const auto& begun, const auto& ended) {
    begun("run-1");
    promised.set_value(ended);
  };
  devserver::raw_client patient{door->port()};
  patient.write("POST /api/v1/taskflows/intake/main/runs?wait=10m HTTP/1.1\r\n"
                "Host: localhost\r\nContent-Length: 0\r\n\r\n");
  const auto end = promised.get_future().get();
  door.reset();
  end({"Cancelled", ""});
  EXPECT_EQ(patient.read().status, 0);
  EXPECT_TRUE(patient.closed());
}

TEST_F(an_admin_with_taskflows, tells_why_a_run_does_not_begin) {
  engine = [&](const manual_start&, const auto& begun, const auto&) {
    begun(tl::unexpected{start_refusal{start_refusal::reason::no_trigger,
                                       "No manual trigger."}});
  };
  const auto answer = ask("POST", "/api/v1/taskflows/intake/main/runs");
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(json::parse(answer.body)["detail"], "No manual trigger.");
  EXPECT_THAT(all_lines(), Not(HasSubstr("\"run started by hand\"")));
  EXPECT_THAT(all_lines(), HasSubstr("\"run not started by hand\""));
  EXPECT_THAT(all_lines(), HasSubstr("\"detail\":\"No manual trigger.\""));
}

TEST_F(an_admin_with_taskflows, starts_nothing_by_a_request_that_is_not_good) {
  engine = [&](const manual_start&, const auto&, const auto&) {
    ADD_FAILURE() << "started";
  };
  const std::string target{"/api/v1/taskflows/intake/main/runs"};
  for (const auto* query :
       {"?wait=x", "?wait=11m", "?wait", "?watt=1s", "?trigger=a&trigger=b"})
    EXPECT_EQ(ask("POST", target + query).status, 400) << query;
  const auto deep = std::string(129, '[') + std::string(129, ']');
  for (const std::string& body :
       {std::string{"{"}, std::string{"1 2"}, std::string{"\"\xff\""}, deep,
        std::string{R"({"a":1,"a":2})"}})
    EXPECT_EQ(ask("POST", target, body).status, 400) << body;
  EXPECT_EQ(ask("POST", target, std::string(1024 * 1024 + 1, '1')).status, 413);
  EXPECT_EQ(ask("POST", target, "1", {{"Host", "localhost"}}).status, 415);
  EXPECT_EQ(ask("POST", target, "1",
                {{"Host", "localhost"}, {"Content-Type", "text/plain"}})
                .status,
            415);
}

} // namespace

} // namespace mfo::http
