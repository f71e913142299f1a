// Questions over real connections, and who may ask the paths of taskflows.

#include "tests/http/admin/task_fixture.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mfo::http {

namespace {

using namespace std::chrono_literals;
using devserver::field_list;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// --- questions ---

TEST_F(an_admin_with_taskflows, lists_questions) {
  EXPECT_EQ(get("/api/v1/questions"), json({{"questions", json::array()}}));
  const auto id = desk->ask({.run = "run-1",
                             .workflow = "intake",
                             .taskflow = "main",
                             .task = "confirm",
                             .text = "Sure?",
                             .choices = {"yes", "no"},
                             .asked_unix = 1'000ms,
                             .until_unix = 61'000ms},
                            {});
  EXPECT_EQ(get("/api/v1/questions")["questions"],
            json::array({{{"id", *id},
                          {"run", "run-1"},
                          {"workflow", "intake"},
                          {"taskflow", "main"},
                          {"task", "confirm"},
                          {"question", "Sure?"},
                          {"choices", {"yes", "no"}},
                          {"asked_at", "1970-01-01T00:00:01.000Z"},
                          {"until", "1970-01-01T00:01:01.000Z"}}}));
}

TEST_F(an_admin_with_taskflows, takes_an_answer) {
  std::string got;
  const auto id = desk->ask({.text = "Sure?", .choices = {"yes", "no"}},
                            [&](std::string text) { got = std::move(text); });
  const auto target = "/api/v1/questions/" + *id + "/answer";
  const auto refused = ask("POST", target, R"({"answer":"maybe"})");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(json::parse(refused.body)["choices"], json({"yes", "no"}));
  EXPECT_EQ(got, "");
  EXPECT_EQ(ask("POST", target, R"({"answer":"yes"})").status, 200);
  EXPECT_EQ(got, "yes");
  EXPECT_EQ(ask("POST", target, R"({"answer":"no"})").status, 404);
  EXPECT_EQ(got, "yes");
  EXPECT_THAT(all_lines(), HasSubstr("\"question answered\""));
}

TEST_F(an_admin_with_taskflows, takes_no_answer_that_is_not_a_text) {
  const auto id = desk->ask({.text = "Which?"}, {});
  const auto target = "/api/v1/questions/" + *id + "/answer";
  for (const auto* body : {"", "\"yes\"", "{}", R"({"answer":1})",
                           R"({"answer":"a","more":1})", R"(["answer"])"})
    EXPECT_EQ(ask("POST", target, body).status, 400) << body;
  EXPECT_EQ(ask("POST", target, "", {{"Host", "localhost"}}).status, 400)
      << "there is no body that a type could be of";
  const json long_one{{"answer", std::string(4'097, 'x')}};
  EXPECT_EQ(ask("POST", target, long_one.dump()).status, 422);
  EXPECT_EQ(desk->open(), 1U);
}

// --- who may ask ---

TEST_F(an_admin_with_taskflows, allows_the_methods_that_it_names) {
  for (const auto* target :
       {"/api/v1/runs", "/api/v1/runs/a", "/api/v1/questions"})
    for (const auto* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
      const auto answer = ask(method, target);
      EXPECT_EQ(answer.status, 405) << method << " " << target;
      EXPECT_EQ(answer.header("allow"), "GET, HEAD");
    }
  for (const auto* target :
       {"/api/v1/runs/a/cancel", "/api/v1/taskflows/a/b/runs",
        "/api/v1/questions/a/answer"})
    for (const auto* method : {"GET", "PUT", "DELETE", "OPTIONS"}) {
      const auto answer = ask(method, target);
      EXPECT_EQ(answer.status, 405) << method << " " << target;
      EXPECT_EQ(answer.header("allow"), "POST");
    }
}

TEST_F(an_admin_with_taskflows, knows_no_other_path) {
  for (const auto* target :
       {"/api/v1/runs/a/b", "/api/v1/runs/a/cancel/", "/api/v1/taskflows",
        "/api/v1/taskflows/a/b", "/api/v1/taskflows/a/b/runs/c",
        "/api/v1/questions/a", "/api/v1/questions/a/b", "/run"})
    EXPECT_EQ(ask("GET", target).status, 404) << target;
}

TEST_F(an_admin_with_taskflows, keeps_pages_of_others_out) {
  auto run = begin("a");
  field_list fields{as_json};
  fields.emplace_back("Origin", "http://evil.example");
  EXPECT_EQ(ask("POST", "/api/v1/runs/a/cancel", "", fields).status, 403);
  EXPECT_EQ(ask("GET", "/api/v1/runs", "", fields).status, 403);
  EXPECT_EQ(ask("GET", "/api/v1/runs", "", {{"Host", "evil.example"}}).status,
            421);
  EXPECT_THAT(cancelled, IsEmpty());
}

TEST_F(an_admin_with_taskflows, wants_the_token_of_the_listener) {
  auto run = begin("a");
  config::admin_settings access;
  access.tokens = {config::secret{"0123456789abcdef"}};
  open(access);
  for (const auto* target : {"/api/v1/runs", "/api/v1/runs/a",
                             "/api/v1/questions", "/api/v1/runs/x"})
    EXPECT_EQ(ask("GET", target).status, 401) << target;
  EXPECT_EQ(ask("POST", "/api/v1/runs/a/cancel").status, 401);
  const field_list known{{"Host", "admin.example.com"},
                         {"Authorization", "Bearer 0123456789abcdef"}};
  EXPECT_EQ(ask("GET", "/api/v1/runs", "", known).status, 200);
  EXPECT_EQ(ask("POST", "/api/v1/runs/a/cancel", "", known).status, 202);
}

TEST(an_admin_without_taskflows, has_no_paths_for_them) {
  auto opened = admin::open(
      {"127.0.0.1", 0},
      {.state = std::make_shared<node_state>(),
       .observer = {std::make_shared<telemetry::metrics>(
                        std::vector<std::string>{},
                        telemetry::upstream_names{}),
                    std::make_shared<telemetry::log>(config::log_settings{},
                                                     [](std::string_view) {})},
       .node_name = "node-1",
       .checks = [] {
         return std::vector<health_check>{};
       }});
  ASSERT_TRUE(opened) << opened.error();
  for (const auto* target : {"/api/v1/runs", "/api/v1/questions"})
    EXPECT_EQ(
        devserver::ask((*opened)->port(), "GET", target, "", as_json).status,
        404);
}

} // namespace

} // namespace mfo::http
