#include "tests/integration/taskflow_fixture.hpp"
#include "tests/support/http_script_server.hpp"

#include <csignal>

namespace mfo::integration {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(a_node_with_workflows, starts_a_taskflow_by_a_webhook) {
  run(webhook, R"(
    - {id: shout, type: mfo_api_tool_execute, config: {tool_id: upper, arguments: {text: INPUT.name}}}
    - {id: keep, type: mfo_api_memory_store, config: {key: last, value: shout.result}}
    - {id: done, type: forward_event, depends_on: keep, config: {type: name.kept, payload: {name: INPUT.name}}}
)");
  const auto got = post(R"({"name":"ann"})");
  EXPECT_EQ(got.status, 202) << got.body;
  EXPECT_THAT(got.body, HasSubstr("completed"));
  ASSERT_THAT(types(), ElementsAre("name.kept"));
  EXPECT_EQ(payload_of(server->events()[0]), R"({"name":"ann"})");
  const auto runs = get("/api/v1/runs");
  ASSERT_EQ(runs["runs"].size(), 1U) << runs;
  EXPECT_EQ(runs["runs"][0]["outcome"], "Succeeded");
  EXPECT_EQ(count("mfo_taskflow_runs_total{outcome=\"Succeeded\","
                  "taskflow=\"main\",workflow=\"w\"}"),
            1);
}

TEST_F(a_node_with_workflows, tells_the_sender_that_a_taskflow_has_failed) {
  run(webhook, R"(
    - {id: try_it, type: mfo_api_tool_execute, config: {tool_id: no_such_tool}}
)");
  expect_problem(post("{}"), 502, "taskflow_failed");
  EXPECT_THAT(types(), IsEmpty());
  EXPECT_EQ(get("/api/v1/runs")["runs"][0]["error"]["task"], "try_it");
}

TEST_F(a_node_with_workflows, takes_what_its_filter_does_not_want) {
  run(std::string{webhook} + "    filter: .payload.n > 1\n", R"(
    - {id: f, type: forward_event}
)");
  EXPECT_EQ(post(R"({"n":1})").status, 202);
  EXPECT_THAT(types(), IsEmpty());
  EXPECT_EQ(post(R"({"n":2})").status, 202);
  EXPECT_EQ(server->count(), 1U);
  EXPECT_EQ(count("mfo_taskflow_triggers_total{result=\"filtered\","
                  "trigger=\"hook\",workflow=\"w\"}"),
            1);
}

TEST_F(a_node_with_workflows, refuses_what_is_not_signed) {
  run(webhook, "    - {id: f, type: forward_event}\n");
  expect_problem(raw_client(port).ask("POST", "/webhook", "{}",
                                      {{"Content-Type", "application/json"}}),
                 401, "bad_signature");
  EXPECT_THAT(get("/api/v1/runs")["runs"], IsEmpty());
}

TEST_F(a_node_with_workflows, hands_an_event_of_one_taskflow_to_another) {
  run(std::string{webhook} + R"(
  - id: after
    type: event
    config: {event_types: ["order.*"]}
    target_taskflow: second
)",
      R"(
    - {id: f, type: forward_event, config: {type: order.paid, payload: {n: INPUT.n}}}
)",
      {}, R"(
- taskflow_id: second
  tasks:
    - {id: g, type: forward_event, config: {type: mail.sent, payload: {n: INPUT.n}}}
)");
  EXPECT_EQ(post(R"({"n":7})").status, 202);
  ASSERT_TRUE(wait_until([&] { return server->count() == 2; }));
  EXPECT_THAT(types(), ElementsAre("order.paid", "mail.sent"));
  EXPECT_EQ(payload_of(server->events()[1]), R"({"n":7})");
}

TEST_F(a_node_with_workflows, starts_by_hand_and_asks_a_person) {
  run("  - {id: hand, type: manual, target_taskflow: main}\n", R"(
    - {id: ask, type: ask_user, config: {question: "Pay ${INPUT.sum}?", choices: [yes, no]}}
    - {id: f, type: forward_event, config: {type: "payment.${ask.result}", payload: {}}}
)");
  const auto started =
      ask_admin("POST", "/api/v1/taskflows/w/main/runs", R"({"sum":5})");
  ASSERT_EQ(started.status, 202) << started.body;
  const auto id = json::parse(started.body)["run"].get<std::string>();
  ASSERT_TRUE(wait_until(
      [&] { return get("/api/v1/questions")["questions"].size() == 1; }));
  const auto question = get("/api/v1/questions")["questions"][0];
  EXPECT_EQ(question["question"], "Pay 5?");
  const auto target =
      "/api/v1/questions/" + question["id"].get<std::string>() + "/answer";
  EXPECT_EQ(ask_admin("POST", target, R"({"answer":"maybe"})").status, 422);
  EXPECT_EQ(ask_admin("POST", target, R"({"answer":"yes"})").status, 200);
  ASSERT_TRUE(wait_until([&] { return server->count() == 1; }));
  EXPECT_THAT(types(), ElementsAre("payment.yes"));
  EXPECT_TRUE(wait_until(
      [&] { return get("/api/v1/runs/" + id)["outcome"] == "Succeeded"; }));
}

TEST_F(a_node_with_workflows, ends_a_run_when_an_operator_asks_for_it) {
  run("  - {id: hand, type: manual, target_taskflow: main}\n", R"(
    - {id: w, type: wait, config: {duration: 1h}}
)");
  const auto started =
      ask_admin("POST", "/api/v1/taskflows/w/main/runs", "null");
  ASSERT_EQ(started.status, 202) << started.body;
  const auto id = json::parse(started.body)["run"].get<std::string>();
  ASSERT_TRUE(wait_until(
      [&] { return get("/api/v1/runs/" + id)["state"] == "running"; }));
  EXPECT_EQ(ask_admin("POST", "/api/v1/runs/" + id + "/cancel").status, 202);
  EXPECT_TRUE(wait_until(
      [&] { return get("/api/v1/runs/" + id)["outcome"] == "Cancelled"; }));
  EXPECT_EQ(count("mfo_taskflow_runs_in_progress"), 0);
}

TEST_F(a_node_with_workflows, gives_the_result_to_whoever_waits_for_it) {
  run("  - {id: hand, type: manual, target_taskflow: main}\n", R"(
    - {id: s, type: set, config: {value: "${$input.n + 1}"}}
)");
  const auto got =
      ask_admin("POST", "/api/v1/taskflows/w/main/runs?wait=10s", R"({"n":1})");
  EXPECT_EQ(got.status, 200) << got.body;
  const auto body = json::parse(got.body);
  EXPECT_EQ(body["outcome"], "Succeeded");
  EXPECT_EQ(body["result"], 2);
}

TEST_F(a_node_with_workflows, tells_the_end_of_what_would_become_a_letter) {
  run("  - {id: hand, type: manual, filter: .payload.n > 0, "
      "target_taskflow: main}\n",
      R"(
    - {id: pause, type: wait, config: {duration: 100ms}}
    - {id: s, type: set, config: {value: "${$input.n + 1}"}, depends_on: pause}
)",
      "dead_letters: [{name: disk, type: file, path: letters}]\n");
  const auto wait_for = [this](std::string_view input) {
    return json::parse(
        ask_admin("POST", "/api/v1/taskflows/w/main/runs?wait=10s", input)
            .body);
  };
  EXPECT_EQ(wait_for(R"({"n":1})")["result"]["s"], 2);
  EXPECT_EQ(wait_for(R"({"n":0})")["error"]["code"], "filtered");
  EXPECT_EQ(wait_for(R"({"n":"x"})")["outcome"], "Errored");
}

TEST_F(a_node_with_workflows, says_every_mistake_of_its_files) {
  folder.write("flows/a.yaml", "workflow_name: a\ntaskflows: []\n");
  folder.write("flows/b.yml", "workflow_name: b\ntaskflow: []\n");
  folder.write("flows/c.txt", "no workflow");
  const auto path = folder.write("node.yaml", "server_url: http://127.0.0.1:1\n"
                                              "workflows: [flows]\n");
  child_process check{{binary, "check", "--config", path}};
  EXPECT_EQ(check.wait(), 78);
  EXPECT_THAT(check.errors(), HasSubstr("a.yaml:"));
  EXPECT_THAT(check.errors(), HasSubstr("b.yml:"));
  EXPECT_THAT(check.errors(), Not(HasSubstr("c.txt")));
}

TEST_F(a_node_with_workflows, is_sent_to_by_the_name_of_its_trigger) {
  run(webhook, "    - {id: f, type: forward_event}\n");
  child_process send{{binary, "send", "--config", folder / "node.yaml", "--url",
                      "http://127.0.0.1:" + std::to_string(port) + "/webhook",
                      "--endpoint", "w/hook", "--data", "{}"},
                     {{"WEBHOOK_SECRET", std::string{secret}}}};
  EXPECT_EQ(send.wait(), 0) << send.output() << send.errors();
  EXPECT_EQ(server->count(), 1U);
}

TEST_F(a_node_with_workflows, is_sent_to_in_the_way_of_its_trigger) {
  run(R"(
  - {id: tick, type: schedule, target_taskflow: main, config: {cron_expression: "@yearly"}}
  - id: put
    type: webhook
    config: {http_path: /put, http_method: PUT, secret_ref: hook, signature: {scheme: github}}
    target_taskflow: main
)",
      "    - {id: f, type: forward_event}\n");
  // The port that the node has, in place of the one that it asked for.
  std::string text{"listen: 127.0.0.1:" + std::to_string(port) +
                   "\nserver_url: " + server->url() +
                   "\nworkflows: [flow.yaml]\n"};
  const auto path = folder.write("sender.yaml", text);
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{}, {"--endpoint", "put"}}) {
    std::vector<std::string> words{binary, "send",   "--config",
                                   path,   "--data", "{}"};
    words.insert(words.end(), more.begin(), more.end());
    child_process send{words, {{"WEBHOOK_SECRET", std::string{secret}}}};
    EXPECT_EQ(send.wait(), 0) << send.output() << send.errors();
  }
  EXPECT_EQ(server->count(), 2U);
  child_process nobody{
      {binary, "send", "--config", path, "--data", "{}", "--endpoint", "tick"},
      {{"WEBHOOK_SECRET", std::string{secret}}}};
  EXPECT_EQ(nobody.wait(), 64);
  EXPECT_THAT(nobody.errors(), HasSubstr("there are: w/put"));
}

TEST_F(a_node_with_workflows, is_checked_where_its_secrets_are_not) {
  const auto path = folder.write("flow.yaml", R"(
workflow_name: w
global_configs:
  secrets: {hook: {env: NO_SUCH_SECRET}, key: {file: no/such/file}}
triggers:
  - {id: h, type: webhook, config: {http_path: /h, secret_ref: hook, signature: {scheme: standard-webhooks}}, target_taskflow: main}
taskflows:
  - taskflow_id: main
    tasks:
      - {id: t, type: http_call, config: {url: "https://a.example/${SECRETS.key}"}}
)");
  child_process check{{binary, "taskflow", "check", path}};
  EXPECT_EQ(check.wait(), 0);
  EXPECT_THAT(check.output(), HasSubstr("flow.yaml: good"));
  EXPECT_THAT(check.errors(),
              HasSubstr("flow.yaml:4:25: global_configs.secrets.hook.env: "
                        "warning: the environment variable NO_SUCH_SECRET is "
                        "not set"));
  EXPECT_THAT(check.errors(), HasSubstr("secrets.key.file: warning: cannot"));
  child_process programs{
      {binary, "taskflow", "check", "--format", "json", path}};
  EXPECT_EQ(programs.wait(), 0);
  EXPECT_EQ(json::parse(programs.output())["warnings"].size(), 2U);
  child_process graph{{binary, "taskflow", "graph", path}};
  EXPECT_EQ(graph.wait(), 0) << graph.errors();
  const auto config = folder.write(
      "node.yaml", "server_url: http://127.0.0.1:1\nworkflows: [flow.yaml]\n");
  child_process node_check{{binary, "check", "--config", config}};
  EXPECT_EQ(node_check.wait(), 78);
}

/// A server that takes a request and never answers.
class a_node_that_calls : public a_node_with_workflows {
protected:
  void run_call(std::string_view more, std::string_view settings = {}) {
    run("  - {id: hand, type: manual, target_taskflow: main}\n",
        "    - {id: call, type: http_call, config: {url: \"http://127.0.0.1:" +
            std::to_string(silent.port()) + "/x?token=quiet\"}}\n",
        std::string{settings} +
            "http_call: {private_networks: [127.0.0.0/8], " +
            std::string{more} + "}\n");
  }

  test::script_server silent{test::silent()};
};

TEST_F(a_node_that_calls, stops_while_a_call_is_under_way) {
  run_call("allow: ['127.0.0.1:*']", "drain_timeout: 300ms\n");
  ASSERT_EQ(ask_admin("POST", "/api/v1/taskflows/w/main/runs", "null").status,
            202);
  ASSERT_TRUE(
      wait_until([&] { return count("mfo_http_calls_in_flight") == 1; }));
  EXPECT_EQ(count("mfo_http_calls_total{result=\"ok\"}"), 0);
  node->signal(SIGTERM);
  const auto status = node->wait(std::chrono::seconds{20});
  EXPECT_TRUE(status == 0 || status == 70) << "it hangs";
}

TEST_F(a_node_that_calls, counts_and_logs_what_its_rules_refuse) {
  run_call("allow: ['127.0.0.1:1']");
  ASSERT_EQ(ask_admin("POST", "/api/v1/taskflows/w/main/runs?wait=10s", "null")
                .status,
            200);
  EXPECT_EQ(count("mfo_http_calls_total{result=\"not_allowed\"}"), 1);
  EXPECT_EQ(count("mfo_http_call_duration_seconds_count"), 1);
  EXPECT_TRUE(node->wait_for_line("http_call refused"));
  EXPECT_THAT(node->output(), testing::Not(HasSubstr("token=quiet")));
  EXPECT_EQ(silent.connections(), 0);
}

TEST_F(a_node_that_calls, says_where_a_bad_ca_file_is_named) {
  folder.write("ca.pem", "nothing\n");
  const auto path = folder.write(
      "node.yaml", "server_url: http://127.0.0.1:1\nlisten: 127.0.0.1:0\n"
                   "admin_listen: 127.0.0.1:0\nwebhook_path: /w\n"
                   "webhook_secret: s\n"
                   "http_call:\n  allow: [a.example]\n  ca_file: ca.pem\n");
  child_process check{{binary, "check", "--config", path}};
  child_process start{{binary, "run", "--config", path}};
  EXPECT_EQ(check.wait(), 78);
  EXPECT_EQ(start.wait(), 69);
  for (auto* each : {&check, &start})
    EXPECT_THAT(each->errors(),
                HasSubstr("node.yaml:8:12: http_call.ca_file: cannot use the "
                          "CA file"));
}

} // namespace
} // namespace mfo::integration
