#include "tests/actors/flow_fixture.hpp"

namespace mfo::actors::tests {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::chrono_literals;

class flow_runner_test : public flow_fixture {};

constexpr auto one_tool = R"(
    - id: make
      type: mfo_api_tool_execute
      config: {tool_id: create, arguments: {title: INPUT.title}}
)";

TEST_F(flow_runner_test, calls_the_server_and_is_done_when_it_has_answered) {
  begin(with_tasks(one_tool), R"({"title":"x"})");
  const auto call = next_call();
  EXPECT_EQ(call.server, "default");
  EXPECT_EQ(call.request->call.target, "/api/tools/create");
  EXPECT_EQ(call.body(), R"({"title":"x"})");
  EXPECT_EQ(call.request->deadline, event_->deadline);
  EXPECT_EQ(call.request->traceparent, event_->traceparent);
  EXPECT_THAT(outcomes_, IsEmpty());
  runner_->called(call.number, replied(200, R"({"result":1})"));
  EXPECT_TRUE(outcome().delivered());
  expect_nothing_left();
}

TEST_F(flow_runner_test, asks_with_the_same_key_when_the_event_comes_again) {
  begin(with_tasks(one_tool), R"({"title":"x"})");
  const auto key = next_call().request->id;
  outcomes_.clear();
  begin(with_tasks(one_tool), R"({"title":"x"})");
  EXPECT_EQ(next_call().request->id, key);
  begin(with_tasks(one_tool), R"({"title":"y"})");
  EXPECT_NE(next_call().request->id, key);
}

TEST_F(flow_runner_test, fails_where_the_server_says_no) {
  begin(with_tasks(one_tool), R"({"title":"x"})");
  reply(404, R"({"error":{"code":"no_tool","message":"unknown tool"}})");
  const auto result = outcome();
  EXPECT_EQ(result.error, core::errc::taskflow_failed);
  EXPECT_EQ(result.detail, "make: not_found: no_tool: unknown tool");
  expect_nothing_left();
}

TEST_F(flow_runner_test, errs_where_the_server_does_not_answer) {
  begin(with_tasks(one_tool), R"({"title":"x"})");
  runner_->called(next_call().number,
                  {.outcome = core::refused(core::errc::upstream_unreachable,
                                            "connection refused"),
                   .reply = {}});
  const auto result = outcome();
  EXPECT_EQ(result.error, core::errc::taskflow_errored);
  EXPECT_THAT(result.detail, HasSubstr("upstream_unreachable"));
}

TEST_F(flow_runner_test, errs_where_an_expression_has_no_value) {
  begin(with_tasks(one_tool), "{}");
  EXPECT_THAT(host_.calls, IsEmpty());
  EXPECT_EQ(outcome().error, core::errc::taskflow_errored);
  EXPECT_THAT(outcome().detail, HasSubstr("INPUT.title"));
  expect_nothing_left();
}

TEST_F(flow_runner_test, refuses_an_input_that_does_not_fit_for_good) {
  begin(with_tasks(one_tool, "",
                   "  input_schema: {type: object, required: [title]}\n"));
  EXPECT_EQ(outcome().error, core::errc::schema_violation);
  EXPECT_THAT(outcome().detail, ::testing::StartsWith("input_schema: "));
  expect_nothing_left();
}

TEST_F(flow_runner_test, errs_where_a_call_cannot_be_made) {
  begin(with_tasks(R"(
    - {id: a, type: mfo_api_resource_get, config: {resource_id: "a/../b"}}
)"));
  EXPECT_EQ(outcome().error, core::errc::taskflow_failed);
  EXPECT_THAT(outcome().detail, HasSubstr("a: invalid_request"));
  expect_nothing_left();
}

TEST_F(flow_runner_test, runs_two_calls_at_once_and_ends_both_when_one_fails) {
  begin(with_tasks(R"(
    - {id: a, type: mfo_api_memory_get, config: {key: a}}
    - {id: b, type: mfo_api_memory_get, config: {key: b}}
)"));
  ASSERT_THAT(host_.calls, SizeIs(2));
  const auto left = host_.calls.back().number;
  reply(403);
  EXPECT_EQ(outcome().error, core::errc::taskflow_failed);
  EXPECT_THAT(host_.cancelled, ElementsAre(left));
  runner_->called(left, replied(200)); // too late: nobody listens
  EXPECT_THAT(outcomes_, SizeIs(1));
  expect_nothing_left();
}

TEST_F(flow_runner_test, creates_what_a_server_does_not_keep_yet) {
  begin(with_tasks(R"(
    - {id: a, type: mfo_api_memory_store, config: {key: k, value: [1]}}
)"));
  EXPECT_EQ(host_.calls.front().request->call.method, "PUT");
  reply(404);
  const auto second = next_call();
  EXPECT_EQ(second.request->call.method, "POST");
  EXPECT_EQ(second.body(), R"({"key":"k","value":[1]})");
  runner_->called(second.number, replied(201));
  EXPECT_TRUE(outcome().delivered());
  expect_nothing_left();
}

TEST_F(flow_runner_test, sends_a_chat_with_all_that_its_task_says) {
  begin(with_tasks(R"(
    - id: say
      type: mfo_api_chat_send
      config:
        prompt: "Hi ${INPUT.name}"
        system_prompt: Be kind
        thread_id: t1
        model_id: m
        provider_id: p
        include_tools: [a]
        include_server_tools: true
        options: {temperature: 0}
    - {id: keep, type: mfo_api_memory_store,
       config: {key: last, value: say.result.content}}
)"),
        R"({"name":"Ann"})");
  EXPECT_EQ(next_call().body(),
            R"({"include_server_tools":true,"include_tools":["a"],)"
            R"("messages":[{"content":"Be kind","role":"system"},)"
            R"({"content":"Hi Ann","role":"user"}],"model":"m",)"
            R"("options":{"temperature":0},"provider_id":"p",)"
            R"("thread_id":"t1"})");
  runner_->called(1 + 1, replied(200, R"({"message":{"role":"assistant",)"
                                      R"("content":"hello"}})"));
  EXPECT_EQ(next_call().body(), R"({"value":"hello"})");
}

TEST_F(flow_runner_test, forwards_the_event_itself_byte_for_byte) {
  begin(with_tasks("    - {id: f, type: forward_event}\n"), R"({ "a": 1.0 })");
  ASSERT_THAT(host_.events, SizeIs(1));
  EXPECT_EQ(host_.events.front().what, event_);
  runner_->forwarded(host_.events.front().number, {});
  EXPECT_TRUE(outcome().delivered());
  EXPECT_THAT(host_.emitted, IsEmpty()) << "it is no event of the taskflow";
  expect_nothing_left();
}

TEST_F(flow_runner_test, makes_an_event_that_others_may_ask_for) {
  begin(with_tasks(R"(
    - {id: f, type: forward_event, config: {type: ticket.done, payload: {n: 1}}}
)"));
  ASSERT_THAT(host_.events, SizeIs(1));
  const auto made = host_.events.front().what;
  EXPECT_EQ(made->type(), "ticket.done");
  EXPECT_EQ(made->payload(), R"({"n":1})");
  EXPECT_EQ(made->source(), "taskflow/w/main");
  EXPECT_NE(made->id, event_->id);
  EXPECT_THAT(made->envelope, HasSubstr("\"caused_by\":\"" + event_->id));
  EXPECT_THAT(host_.emitted, IsEmpty());
  runner_->forwarded(host_.events.front().number, {});
  EXPECT_THAT(host_.emitted, ElementsAre(made));
}

TEST_F(flow_runner_test, has_not_sent_an_event_before_its_triggers_have_it) {
  begin(with_tasks(R"(
    - id: f
      type: forward_event
      config: {type: ticket.done, payload: {n: 1}}
      retry: default
)"));
  host_.takes_emitted = core::refused(core::errc::saturated);
  const auto made = host_.events.front().what;
  runner_->forwarded(host_.events.front().number, {});
  EXPECT_THAT(outcomes_, IsEmpty());
  host_.takes_emitted = {};
  pass(5s);
  ASSERT_THAT(host_.events, SizeIs(2));
  EXPECT_EQ(host_.events.back().what->id, made->id) << "it is the same event";
  runner_->forwarded(host_.events.back().number, {});
  EXPECT_TRUE(outcome().delivered());
  expect_nothing_left();
}

TEST_F(flow_runner_test, asks_others_than_its_servers_by_its_host) {
  begin(with_tasks(R"(
    - {id: q, type: ask_user, config: {question: "Go?", choices: [yes, no]}}
    - {id: s, type: set, config: {value: q.result}}
)"));
  ASSERT_THAT(host_.questions, SizeIs(1));
  const auto& asked = host_.questions.front();
  EXPECT_EQ(std::get<taskflow::question_call>(asked.what).question, "Go?");
  EXPECT_EQ(asked.path, "q");
  runner_->answered(asked.number,
                    std::make_shared<const taskflow::json>("yes"));
  EXPECT_TRUE(outcome().delivered());
  expect_nothing_left();
}

TEST_F(flow_runner_test, passes_over_what_a_filter_does_not_want) {
  begin(with_tasks(one_tool, ", filter: '.payload.n > 1'"), R"({"n":1})");
  EXPECT_TRUE(outcome().delivered());
  EXPECT_THAT(host_.calls, IsEmpty());
  expect_nothing_left();
}

TEST_F(flow_runner_test, maps_an_event_to_the_input_of_its_run) {
  begin(with_tasks(one_tool, ", input_mapping: {title: TRIGGER.payload.t}"),
        R"({"t":"mapped"})");
  EXPECT_EQ(next_call().body(), R"({"title":"mapped"})");
}

TEST_F(flow_runner_test, says_what_is_wrong_with_a_filter) {
  begin(with_tasks(one_tool, ", filter: '.payload.n'"), R"({"n":"text"})");
  EXPECT_EQ(outcome().error, core::errc::taskflow_errored);
  EXPECT_THAT(outcome().detail, HasSubstr("filter: "));
  expect_nothing_left();
}

TEST_F(flow_runner_test, ends_a_run_whose_event_has_no_time_left) {
  begin(with_tasks("    - {id: w, type: wait, config: {duration: 1h}}\n"));
  ASSERT_TRUE(host_.wakes);
  EXPECT_EQ(*host_.wakes, event_->deadline);
  pass(10s);
  EXPECT_EQ(outcome().error, core::errc::taskflow_timeout);
  expect_nothing_left();
}

TEST_F(flow_runner_test, goes_on_after_a_wait) {
  begin(with_tasks("    - {id: w, type: wait, config: {duration: 2s}}\n"));
  pass(1s);
  EXPECT_THAT(outcomes_, IsEmpty());
  pass(1s);
  EXPECT_TRUE(outcome().delivered());
}

TEST_F(flow_runner_test, needs_all_that_an_event_starts_and_is_sent_to) {
  const auto one = load_workflow(with_tasks(one_tool));
  make_runner({one});
  start(route{"default", {{one, 0}, {one, 0}}}, R"({"title":"x"})");
  ASSERT_THAT(host_.events, SizeIs(1));
  EXPECT_EQ(host_.events.front().what, event_);
  ASSERT_THAT(host_.calls, SizeIs(2));
  reply(200, R"({"result":1})");
  reply(409);
  EXPECT_THAT(outcomes_, IsEmpty());
  runner_->forwarded(host_.events.front().number, delivered_after(3));
  EXPECT_EQ(outcome().error, core::errc::taskflow_failed);
  EXPECT_EQ(outcome().attempts, 3U);
  expect_nothing_left();
}

TEST_F(flow_runner_test, refuses_more_runs_than_it_may_hold) {
  settings_.max_runs = 1;
  begin(with_tasks(one_tool), R"({"title":"x"})");
  runner_->begin(
      event_, route{{}, {{workflow_, 0}}},
      [this](core::outcome result) { outcomes_.push_back(std::move(result)); });
  EXPECT_EQ(outcome().error, core::errc::saturated);
}

TEST_F(flow_runner_test, cancels_a_run_by_its_id) {
  begin(with_tasks(one_tool), R"({"title":"x"})");
  EXPECT_FALSE(runner_->cancel("another", "enough"));
  EXPECT_TRUE(runner_->cancel(event_->id, "enough"));
  EXPECT_EQ(outcome().error, core::errc::taskflow_cancelled);
  EXPECT_THAT(host_.cancelled, SizeIs(1));
  expect_nothing_left();
}

TEST_F(flow_runner_test, ends_all_when_the_node_stops_and_takes_no_more) {
  begin(with_tasks(one_tool), R"({"title":"x"})");
  runner_->abandon();
  EXPECT_EQ(outcome().error, core::errc::draining);
  expect_nothing_left();
  outcomes_.clear();
  runner_->begin(
      event_, route{{}, {{workflow_, 0}}},
      [this](core::outcome result) { outcomes_.push_back(std::move(result)); });
  EXPECT_EQ(outcome().error, core::errc::draining);
}

TEST_F(flow_runner_test, answers_for_what_it_holds_when_it_dies) {
  begin(with_tasks(one_tool), R"({"title":"x"})");
  runner_.reset();
  EXPECT_EQ(outcome().error, core::errc::internal_error);
}

TEST_F(flow_runner_test, logs_each_run_and_its_tasks) {
  begin(with_tasks(one_tool), R"({"title":"x"})");
  reply(403);
  EXPECT_THAT(lines_, Contains(AllOf(HasSubstr("\"run ended\""),
                                     HasSubstr("\"outcome\":\"Failed\""),
                                     HasSubstr("\"task\":\"make\""),
                                     HasSubstr("\"error\":\"forbidden\""))));
  EXPECT_THAT(lines_, Contains(AllOf(HasSubstr("\"task ended\""),
                                     HasSubstr("\"task\":\"make\""))));
  EXPECT_THAT(metrics_->expose(),
              HasSubstr("mfo_taskflow_runs_total{outcome=\"Failed\","
                        "taskflow=\"main\",workflow=\"w\"} 1"));
}

} // namespace
} // namespace mfo::actors::tests
