#include "http/admin.hpp"

#include "tests/devserver/raw_client.hpp"
#include "tests/support/http_exchanges.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mfo::http {

namespace {

using namespace std::chrono_literals;
using core::errc;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

const devserver::field_list here{{"Host", "localhost"}};

struct an_admin_with_events : testing::Test {
  an_admin_with_events() {
    open({});
  }

  void open(const config::admin_settings& access) {
    door.reset();
    auto opened =
        admin::open({"127.0.0.1", 0},
                    {.state = std::make_shared<node_state>(),
                     .observer = maker.observer,
                     .node_name = "node-1",
                     .access = access,
                     .checks = [] { return std::vector<health_check>{}; },
                     .tasks = {.runs = runs, .questions = desk},
                     .events = {.book = maker.observer.events, .endpoints = [] {
                                  return std::string{R"({"endpoints":[]})"};
                                }}});
    ASSERT_TRUE(opened) << opened.error();
    door = std::move(*opened);
  }

  devserver::answer ask(std::string_view method, std::string_view target,
                        const devserver::field_list& fields = here) const {
    return devserver::ask(door->port(), method, target, "", fields);
  }

  json get(const std::string& target) const {
    const auto answer = ask("GET", target);
    EXPECT_EQ(answer.status, 200) << target << " " << answer.body;
    EXPECT_EQ(answer.header("content-type"), "application/json");
    EXPECT_EQ(answer.header("cache-control"), "no-store");
    return json::parse(answer.body);
  }

  std::vector<std::string> outcomes(const std::string& query) const {
    std::vector<std::string> all;
    const auto reply = get("/api/v1/events" + query);
    for (const auto& each : reply["events"])
      all.push_back(each["outcome"]);
    return all;
  }

  test::exchange_maker maker;
  std::shared_ptr<telemetry::run_book> runs =
      std::make_shared<telemetry::run_book>();
  std::shared_ptr<core::question_desk> desk =
      std::make_shared<core::question_desk>(
          [] { return std::array<std::uint8_t, 16>{}; });
  std::unique_ptr<admin> door;
};

TEST_F(an_admin_with_events, lists_none_at_first) {
  EXPECT_EQ(get("/api/v1/events"),
            json({{"events", json::array()}, {"more", false}}));
}

TEST_F(an_admin_with_events, lists_events_with_what_became_of_them) {
  const auto one = maker.make("{\"a\":1}", "d-1");
  auto why = core::refused(errc::upstream_rejected, "400");
  why.attempts = 2;
  why.upstream_status = 400;
  one->finish(why);
  const auto listed = get("/api/v1/events")["events"];
  ASSERT_EQ(listed.size(), 1u);
  const auto& event = listed[0];
  EXPECT_EQ(event["id"], one->event()->id);
  EXPECT_EQ(event["delivery_id"], "d-1");
  EXPECT_EQ(event["endpoint"], "orders");
  EXPECT_EQ(event["type"], "webhook.received");
  EXPECT_EQ(event["received_at"], "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(event["size"], 7);
  EXPECT_EQ(event["outcome"], "refused");
  EXPECT_EQ(event["reason"], "upstream_rejected");
  EXPECT_EQ(event["detail"], "400");
  EXPECT_EQ(event["attempts"], 2);
  EXPECT_EQ(event["upstream_status"], 400);
  EXPECT_GE(event["duration_ms"].get<double>(), 0);
  EXPECT_FALSE(event.contains("steps"));
}

TEST_F(an_admin_with_events, says_whether_there_are_more) {
  for (int i = 0; i < 3; ++i)
    maker.make()->finish({});
  EXPECT_EQ(get("/api/v1/events?limit=2")["more"], true);
  EXPECT_EQ(get("/api/v1/events?limit=3")["more"], false);
}

TEST_F(an_admin_with_events, lists_those_that_are_asked_for) {
  const auto open = maker.make();
  maker.make()->finish({});
  maker.make("{}", "d-7")->finish(core::refused(errc::bad_signature));
  EXPECT_EQ(outcomes("").size(), 3u);
  EXPECT_THAT(outcomes("?outcome=in_flight"), ElementsAre("in_flight"));
  EXPECT_THAT(outcomes("?reason=bad_signature"), ElementsAre("refused"));
  EXPECT_THAT(outcomes("?q=d-7"), ElementsAre("refused"));
  EXPECT_THAT(outcomes("?q=" + open->event()->id), ElementsAre("in_flight"));
  EXPECT_EQ(outcomes("?endpoint=orders&limit=2").size(), 2u);
  EXPECT_EQ(outcomes("?endpoint=other").size(), 0u);
  EXPECT_EQ(outcomes("?since=1970-01-01T00:00:01Z").size(), 0u);
  EXPECT_EQ(outcomes("?until=1970-01-01T01:00:01%2B01:00").size(), 3u);
}

TEST_F(an_admin_with_events, refuses_a_query_that_it_does_not_understand) {
  for (const auto* query :
       {"outcome=lost", "reason=no_such", "since=today", "until=1", "limit=0",
        "limit=10001", "limit=x", "id=a", "q=%FF", "limit=1&limit=2"}) {
    const auto answer = ask("GET", "/api/v1/events?" + std::string{query});
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  }
  EXPECT_EQ(ask("GET", "/api/v1/events/a?x=1").status, 400);
  EXPECT_EQ(ask("GET", "/api/v1/endpoints?x=1").status, 400);
}

TEST_F(an_admin_with_events, tells_the_story_of_one) {
  const auto one = maker.make();
  const auto& event = *one->event();
  const auto after = [&](std::chrono::milliseconds time) {
    return event.received_at + time;
  };
  event.where.move_to(core::stage::validator, after(0ms));
  event.where.move_to(core::stage::router, after(1ms));
  event.where.move_to(core::stage::task_runner, after(2ms));
  event.trail.routed(std::make_shared<const core::destinations>(
      core::destinations{"default", {"intake/gh"}}));
  event.trail.placed("node-2", after(3ms));
  event.where.move_to(core::stage::mfo_connector, after(4ms));
  runs->begin({event.id, "intake", "main", "gh", event.id}, 5ms, after(5ms))
      .ended("Succeeded", std::nullopt, after(6ms));
  core::outcome how;
  how.attempts = 1;
  how.upstream_status = 200;
  one->finish(how);
  const auto story = get("/api/v1/events/" + event.id);
  EXPECT_EQ(story["id"], event.id);
  ASSERT_EQ(story["events"].size(), 1u);
  auto steps = story["events"][0]["steps"];
  ASSERT_EQ(steps.size(), 7u) << steps;
  // Its end is by the clock of this machine.
  steps.erase(std::remove_if(
                  steps.begin(), steps.end(),
                  [](const auto& each) { return each["step"] == "delivered"; }),
              steps.end());
  EXPECT_EQ(steps, json::parse(R"([
    {"step": "received", "at_ms": 0.0},
    {"step": "verified", "at_ms": 1.0},
    {"step": "routed", "at_ms": 2.0, "server": "default",
     "triggers": ["intake/gh"]},
    {"step": "placed", "at_ms": 3.0, "node": "node-2"},
    {"step": "sent", "at_ms": 4.0, "server": "default", "attempts": 1,
     "upstream_status": 200},
    {"step": "started", "at_ms": 5.0, "run": ")" +
                               event.id + R"(", "trigger": "intake/gh"}])"));
  ASSERT_EQ(story["runs"].size(), 1u);
  EXPECT_EQ(story["runs"][0]["outcome"], "Succeeded");
  EXPECT_TRUE(story["runs"][0].contains("tasks"));
}

TEST_F(an_admin_with_events, leaves_the_answer_to_the_node_that_gave_it) {
  maker.client = *config::ip_address::parse("192.0.2.7");
  const auto finished = [&](const std::string& from) {
    const auto one = maker.make();
    one->event()->trail.came_from(from);
    one->finish({});
    return get("/api/v1/events/" + one->event()->id)["events"][0];
  };
  EXPECT_EQ(finished("")["answer"], 202);
  const auto event = finished("node-2");
  EXPECT_EQ(event["from"], "node-2");
  EXPECT_EQ(event["steps"][0]["from"], "node-2");
  EXPECT_FALSE(event.contains("answer")) << event;
}

TEST_F(an_admin_with_events, tells_of_runs_whose_event_is_forgotten) {
  runs->begin({"a", "intake", "main", "gh", "gone"}, 5ms, {})
      .ended("Failed", std::nullopt, {});
  const auto story = get("/api/v1/events/gone");
  EXPECT_EQ(story["events"].size(), 0u);
  EXPECT_EQ(story["runs"].size(), 1u);
  EXPECT_EQ(ask("GET", "/api/v1/events/nobody").status, 404);
}

TEST_F(an_admin_with_events, shows_the_endpoints) {
  EXPECT_EQ(get("/api/v1/endpoints"), json({{"endpoints", json::array()}}));
}

TEST_F(an_admin_with_events, serves_the_document_that_describes_it) {
  EXPECT_EQ(get("/api/v1/openapi.json")["openapi"], "3.1.0");
}

TEST_F(an_admin_with_events, asks_for_what_all_paths_ask_for) {
  for (const auto* target : {"/api/v1/events", "/api/v1/events/a",
                             "/api/v1/endpoints", "/api/v1/openapi.json"}) {
    EXPECT_EQ(ask("POST", target).status, 405) << target;
    EXPECT_EQ(ask("POST", target).header("allow"), "GET, HEAD");
    EXPECT_EQ(ask("GET", target, {{"Host", "evil.example"}}).status, 421);
    EXPECT_EQ(ask("GET", target,
                  {{"Host", "localhost"}, {"Origin", "https://evil.example"}})
                  .status,
              403);
  }
  config::admin_settings access;
  access.tokens.emplace_back("token-that-is-long-enough-for-anyone");
  open(access);
  for (const auto* target :
       {"/api/v1/events", "/api/v1/endpoints", "/api/v1/openapi.json"})
    EXPECT_EQ(ask("GET", target).status, 401) << target;
}

TEST_F(an_admin_with_events, shows_nothing_of_the_payload) {
  maker.make(R"({"card":"4111"})")->finish({});
  EXPECT_THAT(ask("GET", "/api/v1/events").body,
              testing::Not(HasSubstr("4111")));
}

} // namespace

} // namespace mfo::http
