#include "tests/integration/cluster/cluster_fixture.hpp"
#include "tests/integration/cluster/greeting_flow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace mfo::integration {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(a_cluster, delivers_by_another_node_what_one_only_takes_in) {
  start({{.name = "node-a", .roles = "intake"},
         {.name = "node-b", .roles = "runner, connector"}});
  const auto got = (*this)["node-a"].post("/completed", R"({"n":1})");
  EXPECT_EQ(got.status, 202) << got.body;
  EXPECT_EQ(json::parse(got.body)["status"], "completed");
  ASSERT_EQ(server->count(), 1u);
  EXPECT_EQ(server->ids().front(), event_id(got));
  EXPECT_EQ(payload_of(server->events().front()), R"({"n":1})");
  EXPECT_EQ((*this)["node-b"].sum("mfo_cluster_events_taken_total"), 1);
  // What the server says of it comes from there, too.
  set_faults(R"({"statuses":[422]})");
  EXPECT_EQ((*this)["node-a"].post("/completed", "2").status, 502);
}

TEST_F(a_cluster, runs_a_taskflow_on_a_node_that_may) {
  folder.write("flow.yaml", greeting_flow);
  const std::string flows{"workflows: [flow.yaml]\n"};
  start({{.name = "node-a", .roles = "intake", .more = flows},
         {.name = "node-b", .roles = "runner, connector", .more = flows}});
  const auto runs_of = [this](std::string_view name) {
    return json::parse(
        (*this)[name].ask_admin("GET", "/api/v1/runs").body)["runs"];
  };
  const auto got = (*this)["node-a"].post("/flow", R"({"name":"ann"})");
  EXPECT_EQ(got.status, 202) << got.body;
  ASSERT_EQ(server->count(), 1u);
  EXPECT_EQ(json::parse(server->events().front()->body)["type"], "greeted");
  ASSERT_THAT(runs_of("node-b"), SizeIs(1));
  EXPECT_EQ(runs_of("node-b").front()["outcome"], "Succeeded");
  EXPECT_THAT(runs_of("node-a"), IsEmpty());
}

TEST_F(a_cluster, tells_the_story_of_an_event_on_each_of_its_nodes) {
  start({{.name = "node-a", .roles = "intake"},
         {.name = "node-b", .roles = "runner, connector"}});
  const auto id = event_id((*this)["node-a"].post("/completed", "1"));
  const auto story_at = [&](std::string_view name) {
    const auto got = (*this)[name].ask_admin("GET", "/api/v1/events/" + id);
    EXPECT_EQ(got.status, 200) << got.body;
    return json::parse(got.body)["events"][0];
  };
  const auto has = [](const json& event, const json& wanted) {
    return std::ranges::any_of(event["steps"], [&](auto step) {
      step.erase("at_ms");
      return step == wanted;
    });
  };
  const auto came_in = story_at("node-a");
  EXPECT_EQ(came_in["outcome"], "delivered");
  EXPECT_TRUE(has(came_in, {{"step", "placed"}, {"node", "node-b"}}))
      << came_in;
  EXPECT_EQ(came_in["answer"], 202);
  const auto ran = story_at("node-b");
  EXPECT_FALSE(ran.contains("answer")) << "node-a has told the sender";
  EXPECT_EQ(ran["from"], "node-a");
  EXPECT_EQ(ran["outcome"], "delivered");
  EXPECT_TRUE(has(ran, {{"step", "received"}, {"from", "node-a"}})) << ran;
}

TEST_F(a_cluster, says_that_there_is_no_node_for_an_event) {
  start({{.name = "node-a", .roles = "intake"}});
  expect_problem((*this)["node-a"].post("/completed", "1"), 503,
                 "no_eligible_node");
  EXPECT_EQ(server->count(), 0u);
}

TEST_F(a_cluster, takes_a_delivery_once_on_whichever_node_it_comes) {
  start_three();
  // By many ids, so that each node owns some.
  for (int i = 0; i < 12; ++i) {
    const field_list id{{"X-Delivery", fmt::format("delivery-{}", i)}};
    const auto first = members.front().post("/completed", "1", id);
    EXPECT_EQ(first.status, 202) << first.body;
    for (const auto& each : members) {
      answer again;
      // Its owner hears a moment after the sender that it was taken.
      EXPECT_TRUE(wait_until([&] {
        again = each.post("/completed", "1", id);
        return again.status != 409;
      }));
      EXPECT_EQ(again.status, 200) << again.body;
      EXPECT_EQ(json::parse(again.body)["status"], "duplicate");
      EXPECT_EQ(event_id(again), event_id(first));
    }
  }
  EXPECT_EQ(server->count(), 12u);
  const auto told = [this](std::string_view result) {
    double all = 0;
    for (const auto& each : members)
      all += each.sum("mfo_cluster_claims_total", result);
    return all;
  };
  EXPECT_TRUE(wait_until([&] { return told("result=\"repeated\"") >= 36; }));
  EXPECT_GT(told("result=\"asked\""), 0);
}

TEST_F(a_cluster, does_not_take_what_another_node_is_at) {
  start({{.name = "node-a"}, {.name = "node-b"}});
  const field_list id{{"X-Delivery", "one"}};
  set_faults(R"({"latency_ms":2000, "count":1})");
  auto first = std::async(std::launch::async, [&] {
    return (*this)["node-a"].post("/completed", "1", id);
  });
  ASSERT_TRUE(wait_until(
      [this] { return (*this)["node-a"].sum("mfo_events_in_flight") == 1; }));
  expect_problem((*this)["node-b"].post("/completed", "1", id), 409,
                 "in_progress");
  EXPECT_EQ(first.get().status, 202);
  EXPECT_EQ((*this)["node-b"].post("/completed", "1", id).status, 200);
  EXPECT_EQ(server->count(), 1u);
}

/// So many that each of the nodes owns some of them.
constexpr std::size_t schedules = 30;

std::string scheduled_workflow() {
  std::string text{"workflow_name: w\ntriggers:\n"};
  for (std::size_t i = 0; i < schedules; ++i)
    text += fmt::format(R"(
  - id: each-minute-{}
    type: schedule
    config: {{cron_expression: "* * * * *"}}
    target_taskflow: main
)",
                        i);
  return text + R"(
taskflows:
- taskflow_id: main
  tasks:
    - {id: f, type: forward_event, config: {type: fired, payload: {}}}
)";
}

TEST_F(a_cluster, fires_a_tick_of_a_schedule_once) {
  folder.write("flow.yaml", scheduled_workflow());
  const std::string flows{"workflows: [flow.yaml]\n"};
  start({{.name = "node-a", .more = flows},
         {.name = "node-b", .more = flows},
         {.name = "node-c", .more = flows}});
  const auto fired = [&](const member& node) {
    return node.sum("mfo_taskflow_triggers_total", "result=\"started\"");
  };
  ASSERT_TRUE(wait_until([&] { return server->count() >= schedules; },
                         std::chrono::seconds{100}));
  // A second tick of all of them is a minute away.
  double all = 0;
  for (auto& each : members) {
    EXPECT_GT(fired(each), 0) << each.name();
    all += fired(each);
  }
  EXPECT_EQ(all, schedules);
  const auto ticks = [&] {
    double sum = 0;
    for (const auto& each : members)
      sum += each.sum("mfo_cluster_ticks_total", "result=\"fired\"");
    return sum;
  };
  EXPECT_TRUE(wait_until([&] { return ticks() >= schedules; }))
      << "the hub tells of itself now and then";
  EXPECT_EQ(ticks(), schedules);
  EXPECT_EQ(ids_at_server().size(), schedules);
  for (auto& each : members)
    EXPECT_EQ(each.stop(), 0);
  EXPECT_EQ(server->count(), schedules) << "what was under way has ended";
}

} // namespace
} // namespace mfo::integration
