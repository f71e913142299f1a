#include "node/flow_view.hpp"

#include "taskflow/load/load.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::node {

namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr const char* workflow_text = R"(
workflow_name: intake
global_configs: {secrets: {hook: {env: HOOK}}}
triggers:
  - id: gh
    type: webhook
    config: {http_path: /hooks/gh, secret_ref: hook, signature: {scheme: hmac}}
    target_taskflow: main
  - {id: nightly, type: schedule, enabled: false, config: {cron_expression: "0 3 * * *"}, target_taskflow: other}
  - {id: hand, type: manual, target_taskflow: main}
  - {id: paid, type: event, config: {event_types: ["order.*"]}, target_taskflow: main}
taskflows:
  - taskflow_id: main
    tasks:
      - id: route
        type: condition
        config: {cases: [{when: $input.n > 1, then: mails}], default: both}
      - id: mails
        type: for_each
        config:
          in: INPUT.mails
          each:
            tasks:
              - {id: read, type: set, config: {value: ITEM}}
              - {id: send, type: set, config: {value: read.result}}
      - id: both
        type: fork
        config: {branches: {left: [{id: l, type: set, config: {value: 1}}]}}
      - id: careful
        type: try
        config:
          tasks: [{id: risk, type: raise, config: {code: no_luck}}]
          catch: [{id: mend, type: set, config: {value: 1}}]
  - taskflow_id: other
    tasks:
      - {id: again, type: subflow, config: {taskflow_id: main}}
)";

struct the_taskflows : testing::Test {
  the_taskflows() {
    auto loaded = taskflow::load_text(
        workflow_text, "flows/intake.yaml",
        [](std::string_view) { return std::optional<std::string>{"secret"}; });
    for (const auto& each :
         loaded ? std::vector<config::diagnostic>{} : loaded.error())
      ADD_FAILURE() << each.message;
    if (loaded)
      shown = json::parse(taskflows_json({*loaded}))["workflows"][0];
  }

  json graph(std::size_t number) const {
    return shown["taskflows"][number]["graph"];
  }

  json node(const std::string& id) const {
    const auto all = graph(0);
    for (const auto& each : all["nodes"])
      if (each["id"] == id)
        return each;
    ADD_FAILURE() << "no " << id;
    return {};
  }

  json shown;
};

TEST_F(the_taskflows, say_what_starts_them) {
  EXPECT_EQ(shown["name"], "intake");
  EXPECT_EQ(shown["file"], "flows/intake.yaml");
  EXPECT_EQ(shown["triggers"], json::parse(R"([
    {"id": "gh", "type": "webhook", "enabled": true, "taskflow": "main",
     "endpoint": "intake/gh", "path": "/hooks/gh"},
    {"id": "nightly", "type": "schedule", "enabled": false, "taskflow": "other",
     "cron": "0 3 * * *", "time_zone": "UTC"},
    {"id": "hand", "type": "manual", "enabled": true, "taskflow": "main"},
    {"id": "paid", "type": "event", "enabled": true, "taskflow": "main",
     "events": ["order.*"]}])"));
}

TEST_F(the_taskflows, have_tasks_by_the_paths_that_runs_have) {
  std::vector<std::string> ids;
  const auto shown_graph = graph(0);
  for (const auto& each : shown_graph["nodes"])
    ids.push_back(each["id"]);
  EXPECT_THAT(ids,
              ElementsAre("route", "mails", "mails/each/read",
                          "mails/each/send", "both", "both/left", "both/left/l",
                          "careful", "careful/tasks", "careful/tasks/risk",
                          "careful/catch", "careful/catch/mend"));
  EXPECT_EQ(
      node("mails/each/read"),
      json({{"id", "mails/each/read"}, {"type", "set"}, {"parent", "mails"}}));
  EXPECT_EQ(node("both/left"), json({{"id", "both/left"},
                                     {"type", "branch"},
                                     {"label", "branch left"},
                                     {"parent", "both"}}));
}

TEST_F(the_taskflows, have_what_tasks_wait_for) {
  std::vector<json> edges = graph(0)["edges"];
  EXPECT_THAT(edges, UnorderedElementsAre(json({{"from", "mails/each/read"},
                                                {"to", "mails/each/send"},
                                                {"kind", "needs"}}),
                                          json({{"from", "route"},
                                                {"to", "mails"},
                                                {"kind", "case"},
                                                {"label", "$input.n > 1"}}),
                                          json({{"from", "route"},
                                                {"to", "both"},
                                                {"kind", "case"},
                                                {"label", "else"}}),
                                          json({{"from", "careful/tasks"},
                                                {"to", "careful/catch"},
                                                {"kind", "case"},
                                                {"label", "failed"}})));
}

TEST_F(the_taskflows, have_no_arrows_into_one_another) {
  EXPECT_EQ(graph(1)["nodes"].size(), 1u);
  EXPECT_THAT(graph(1)["edges"], IsEmpty());
}

TEST(no_workflows, are_an_empty_list) {
  EXPECT_EQ(json::parse(taskflows_json({})),
            json({{"workflows", json::array()}}));
}

} // namespace

} // namespace mfo::node
