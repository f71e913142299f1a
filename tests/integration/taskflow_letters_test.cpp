#include "tests/integration/taskflow_fixture.hpp"

#include <csignal>

namespace mfo::integration {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class dead_letters_of_taskflows : public a_node_with_workflows {
protected:
  /// Sends this to a taskflow of these tasks that fails at its first call.
  /// Gives the event's id.
  std::string lose(std::string_view tasks, std::string_view payload,
                   std::string_view more_triggers = {},
                   std::string_view other_flows = {}) {
    server_options = "retry: once";
    run(std::string{received_webhook}.append(more_triggers), tasks, disk,
        other_flows);
    set_faults(R"({"statuses": [400]})");
    const auto got = post(std::string{payload});
    EXPECT_EQ(got.status, 202) << got.body;
    EXPECT_TRUE(node->wait_for_line("\"event dead-lettered\""));
    EXPECT_EQ(server->count(), 0U);
    return event_id(got);
  }

  /// Gives the exit status, and what was said.
  std::pair<int, std::string> replay(std::vector<std::string> more = {}) {
    std::vector<std::string> words{binary,     "dead-letters",       "replay",
                                   "--config", folder / "node.yaml", "--yes"};
    words.insert(words.end(), more.begin(), more.end());
    child_process command{words, {{"WEBHOOK_SECRET", std::string{secret}}}};
    const auto status = command.wait();
    return {status.value_or(-1), command.output() + command.errors()};
  }

  static constexpr std::string_view received_webhook = R"(
  - id: hook
    type: webhook
    config: {http_path: /webhook, secret_ref: hook, signature: {scheme: hmac}, ack: received}
    target_taskflow: main
)";
  static constexpr std::string_view disk =
      "dead_letters: [{name: file, type: file, path: letters}]\n"
      "retries: {once: {limit: {count: 1}}}\n";
};

TEST_F(dead_letters_of_taskflows, keep_an_event_whose_run_fails) {
  run(received_webhook, R"(
    - {id: r, type: raise, config: {code: no_luck, message: "not today"}}
)",
      disk);
  const auto got = post("{}");
  EXPECT_EQ(got.status, 202);
  EXPECT_THAT(got.body, HasSubstr("received"));
  EXPECT_TRUE(wait_until([&] {
    return count("mfo_events_dead_lettered_total{endpoint=\"w/hook\","
                 "reason=\"taskflow_failed\"}") == 1;
  }));
}

TEST_F(dead_letters_of_taskflows, are_run_again) {
  const auto id = lose(R"(
    - id: f
      type: forward_event
      config: {type: a.b, payload: {n: INPUT.n, from: TRIGGER.source}}
)",
                       R"({"n":3})");
  const auto [status, said] = replay();
  EXPECT_EQ(status, 0) << said;
  ASSERT_THAT(types(), ElementsAre("a.b"));
  EXPECT_EQ(payload_of(server->events()[0]),
            R"({"from":"webhook/w/hook","n":3})");
  EXPECT_THAT(server->events()[0]->body, HasSubstr("\"caused_by\":\"" + id));
  EXPECT_THAT(server->events()[0]->body, HasSubstr("\"endpoint\":\"w/hook\""));
}

TEST_F(dead_letters_of_taskflows, hold_the_payload_byte_for_byte) {
  const std::string payload = R"({ "n": 1.0, "big": 123456789012345678901 })";
  lose("    - {id: f, type: forward_event}\n", payload);
  EXPECT_EQ(replay().first, 0);
  ASSERT_THAT(types(), ElementsAre("webhook.received"));
  EXPECT_EQ(payload_of(server->events()[0]), payload);
}

TEST_F(dead_letters_of_taskflows, start_what_asks_for_their_events) {
  lose("    - {id: f, type: forward_event, config: {type: order.paid, payload: "
       "{n: INPUT.n}}}\n",
       R"({"n":7})", R"(
  - {id: after, type: event, config: {event_types: ["order.*"]}, target_taskflow: second}
)",
       R"(
- taskflow_id: second
  tasks:
    - {id: g, type: forward_event, config: {type: mail.sent, payload: {n: INPUT.n}}}
)");
  const auto [status, said] = replay();
  EXPECT_EQ(status, 0) << said;
  EXPECT_THAT(types(), ElementsAre("order.paid", "mail.sent"));
}

TEST_F(dead_letters_of_taskflows, stay_while_what_asks_for_their_events_fails) {
  lose("    - {id: f, type: forward_event, config: {type: order.paid, payload: "
       "{}}}\n",
       "{}", R"(
  - {id: after, type: event, config: {event_types: ["order.*"]}, target_taskflow: second}
)",
       R"(
- taskflow_id: second
  tasks:
    - {id: g, type: raise, config: {code: not_yet}}
)");
  const auto [status, said] = replay();
  EXPECT_EQ(status, 1);
  EXPECT_THAT(said, HasSubstr("w/after: g: not_yet"));
  EXPECT_THAT(replay({"--dry-run"}).second, HasSubstr("1 would be delivered"));
}

TEST_F(dead_letters_of_taskflows, take_no_default_for_an_answer) {
  lose(R"(
    - {id: t, type: mfo_api_memory_store, config: {key: k, value: 1}}
    - {id: ask, type: ask_user, depends_on: t, config: {question: "Pay?", choices: [yes, no], default: no}}
    - {id: f, type: forward_event, config: {type: "payment.${ask.result}", payload: {}}}
)",
       "{}");
  const auto [status, said] = replay();
  EXPECT_EQ(status, 1);
  EXPECT_THAT(said, HasSubstr("ask: nobody_to_ask: nobody is here to answer; "
                              "give --answer ask=TEXT"));
  EXPECT_THAT(types(), IsEmpty());
  EXPECT_EQ(replay({"--answer", "ask=yes"}).first, 0);
  EXPECT_THAT(types(), ElementsAre("payment.yes"));
}

TEST_F(dead_letters_of_taskflows, keep_an_event_that_waits_for_a_person) {
  run(received_webhook, R"(
    - {id: ask, type: ask_user, config: {question: "Pay?", choices: [yes, no]}}
    - {id: f, type: forward_event, config: {type: "payment.${ask.result}", payload: {}}}
)",
      std::string{disk} + "drain_timeout: 100ms\n");
  EXPECT_EQ(post("{}").status, 202);
  ASSERT_TRUE(wait_until(
      [&] { return get("/api/v1/questions")["questions"].size() == 1; }));
  node->signal(SIGTERM);
  EXPECT_EQ(node->wait(), 0) << "nothing is lost, so nothing is amiss";
  EXPECT_THAT(node->output(), HasSubstr("drain timed out"));
  const auto [status, said] = replay({"--answer", "ask=yes"});
  EXPECT_EQ(status, 0) << said;
  EXPECT_THAT(types(), ElementsAre("payment.yes"));
}

TEST_F(dead_letters_of_taskflows, of_an_endpoint_start_what_asks_for_them) {
  server_options = "retry: once";
  run("  - {id: any, type: event, config: {event_types: [\"email.*\"]}, "
      "target_taskflow: main}\n",
      "    - {id: f, type: forward_event, config: {type: mail.seen, payload: "
      "{n: INPUT.n}}}\n",
      std::string{disk} + R"(
endpoints:
  - {id: mails, path: /webhook, signature: {scheme: hmac, secret: "${WEBHOOK_SECRET}"}, event_type: email.received, ack: received}
)");
  set_faults(R"({"statuses": [400, 400]})");
  const auto got = post(R"({"n":3})");
  EXPECT_EQ(got.status, 202) << got.body;
  ASSERT_TRUE(node->wait_for_line("\"event dead-lettered\""));
  ASSERT_EQ(server->count(), 0U);
  const auto [status, said] = replay();
  EXPECT_EQ(status, 0) << said;
  EXPECT_THAT(types(), ElementsAre("email.received", "mail.seen"));
  EXPECT_EQ(payload_of(server->events()[1]), R"({"n":3})");
}

TEST_F(dead_letters_of_taskflows, stay_where_their_trigger_is_gone) {
  lose("    - {id: f, type: forward_event}\n", "{}");
  folder.write("flow.yaml", R"(
workflow_name: w
taskflows:
- {taskflow_id: main, tasks: [{id: s, type: set, config: {value: 1}}]}
)");
  const auto [status, said] = replay();
  EXPECT_EQ(status, 1);
  EXPECT_THAT(said, HasSubstr("no trigger w/hook that is enabled"));
  EXPECT_EQ(server->count(), 0U);
}

} // namespace
} // namespace mfo::integration
