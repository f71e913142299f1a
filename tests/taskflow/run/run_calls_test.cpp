#include "taskflow/run/run.hpp"
#include "tests/taskflow/run/builder.hpp"
#include "tests/taskflow/run/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::taskflow::tests {

namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const call_failure no_answer{.code = "unreachable", .message = "no answer"};
const call_failure said_no{
    .code = "refused", .message = "no", .refused = true, .transient = false};

config::retry_settings every_second(unsigned tries) {
  return {.backoff = config::backoff_shape::constant,
          .delay = 1s,
          .jitter = config::jitter_mode::none,
          .max_count = tries};
}

node chat(std::vector<chat_error_rule> rules) {
  return {"talk", chat_send_task{.prompt_template_id = {},
                                 .prompt = filled("Hello"),
                                 .prompt_context = {},
                                 .system_prompt = filled("Be brief"),
                                 .thread_id = {},
                                 .provider_id = {},
                                 .model_id = {},
                                 .include_tools = {},
                                 .options = {},
                                 .on_error = std::move(rules)}};
}

std::string system_prompt_of(const world& w) {
  return std::get<chat_call>(w.call("talk").request).system_prompt;
}

node question(std::optional<value_template> fallback) {
  return {"ask", ask_user_task{.question = filled("Go on?"),
                               .choices = {"yes", "no"},
                               .fallback = std::move(fallback)}};
}

TEST(a_call, is_filled_in_when_it_begins) {
  world w{flow_of({node{"tool",
                        tool_execute_task{.tool_id = filled("INPUT.tool"),
                                          .arguments = filled(
                                              "{to: \"<${INPUT.mail}>\"}")}}}),
          {{"tool", "send"}, {"mail", "a@b"}}};
  w.start();
  const auto& asked = std::get<tool_call>(w.call("tool").request);
  EXPECT_EQ(asked.tool_id, "send");
  EXPECT_EQ(asked.arguments, (json{{"to", "<a@b>"}}));
}

TEST(a_call, that_is_refused_fails_its_task) {
  world w{flow_of({call("a")})};
  w.start().fail("a", said_no);
  EXPECT_EQ(w.end(), "Failed refused");
  EXPECT_EQ(w.running.error()->task, "a");
}

TEST(a_call, that_has_no_answer_makes_its_task_errored) {
  world w{flow_of({call("a")})};
  w.start().fail("a", no_answer);
  EXPECT_EQ(w.end(), "Errored unreachable");
}

TEST(a_call, is_tried_again_after_a_delay) {
  world w{flow_of({call("a").retry(every_second(3))})};
  w.start().fail("a", no_answer);
  EXPECT_THAT(w.calls(), IsEmpty());
  w.pass(999ms);
  EXPECT_THAT(w.calls(), IsEmpty());
  w.pass(1ms);
  EXPECT_THAT(w.calls(), ElementsAre("a"));
  w.answer("a", "at last");
  EXPECT_EQ(w.result(), "at last");
  EXPECT_EQ(w.attempts_of("a"), 2);
}

TEST(a_call, ends_its_task_with_the_last_of_its_tries) {
  world w{flow_of({call("a").retry(every_second(3))})};
  w.start().fail("a", no_answer).pass(1s).fail("a", no_answer).pass(1s);
  w.fail("a", {.code = "last", .message = ""});
  EXPECT_EQ(w.end(), "Errored last");
  EXPECT_EQ(w.attempts_of("a"), 3);
}

TEST(a_call, is_not_tried_again_where_that_cannot_help) {
  world w{flow_of({call("a").retry(every_second(3))})};
  w.start().fail("a", said_no);
  EXPECT_EQ(w.end(), "Failed refused");
}

TEST(a_call, keeps_its_place_between_its_tries) {
  auto one = flow_of({call("a").retry(every_second(3)), call("b")});
  one.max_concurrency = 1;
  world w{std::move(one)};
  w.start().fail("a", no_answer);
  EXPECT_THAT(w.calls(), IsEmpty());
  w.pass(1s).answer("a");
  EXPECT_THAT(w.calls(), ElementsAre("b"));
}

TEST(a_call, sees_at_each_try_what_there_is_then) {
  world w{
      flow_of({node{"a", tool_execute_task{.tool_id = filled("t"),
                                           .arguments = filled("CONTEXT")}}
                   .retry(every_second(3)),
               wait("w", "0.5s"), set("s", "1").after({"w"}).output_as("x")})};
  w.start();
  EXPECT_EQ(std::get<tool_call>(w.call("a").request).arguments, json::object());
  w.fail("a", no_answer).pass(1s);
  EXPECT_EQ(std::get<tool_call>(w.call("a").request).arguments,
            (json{{"x", 1}}));
}

TEST(a_call, is_called_off_when_its_task_takes_too_long) {
  world w{flow_of({call("a").timeout(2s)})};
  w.start();
  EXPECT_EQ(w.call("a").deadline, w.now + 2s);
  w.pass(2s);
  EXPECT_EQ(w.end(), "Errored timeout");
  EXPECT_EQ(w.running.error()->task, "a");
  EXPECT_THAT(w.called_off(), ElementsAre("a"));
}

TEST(a_call, is_not_tried_again_beyond_the_time_of_its_task) {
  world w{flow_of({call("a").retry(every_second(9)).timeout(1500ms)})};
  w.start().fail("a", no_answer).pass(1s).fail("a", no_answer);
  EXPECT_EQ(w.end(), "Errored unreachable");
}

TEST(a_call, has_the_nearest_deadline_of_all_around_it) {
  auto one =
      flow_of({call("a"), fork("f", {{"x", shared({call("b")})}}).timeout(3s)});
  one.timeout = 5s;
  world w{std::move(one)};
  w.start();
  EXPECT_EQ(w.call("a").deadline, w.now + 5s);
  EXPECT_EQ(w.call("f/x/b").deadline, w.now + 3s);
  w.pass(3s);
  EXPECT_EQ(w.end(), "Errored timeout");
  EXPECT_EQ(w.running.error()->task, "f");
}

TEST(a_run, that_takes_longer_than_its_taskflow_may_calls_everything_off) {
  auto one = flow_of({call("a"), call("b").after({"a"})});
  one.timeout = 5s;
  world w{std::move(one)};
  w.start().pass(5s);
  EXPECT_EQ(w.end(), "Errored timeout");
  EXPECT_EQ(w.running.error()->task, "");
  EXPECT_THAT(w.called_off(), ElementsAre("a"));
  EXPECT_EQ(w.outcome_of("b"), "Cancelled");
}

TEST(a_run, ends_at_the_deadline_that_it_was_given) {
  world::clock::time_point deadline{1h + 7s};
  std::vector<flow> flows;
  flows.push_back(flow_of({call("a")}));
  world w{workflow_of(std::move(flows)), nullptr, {}, deadline};
  w.start();
  EXPECT_EQ(w.running.next_wake(), deadline);
  w.pass(7s);
  EXPECT_EQ(w.end(), "Errored timeout");
}

TEST(a_run, whose_deadline_is_over_does_not_begin) {
  std::vector<flow> flows;
  flows.push_back(flow_of({call("a")}));
  world w{
      workflow_of(std::move(flows)), nullptr, {}, world::clock::time_point{1h}};
  w.start();
  EXPECT_EQ(w.end(), "Errored timeout");
  EXPECT_THAT(w.began(), IsEmpty());
}

TEST(a_run, passes_over_what_answers_a_call_that_was_called_off) {
  auto one = flow_of({call("a"), call("b")});
  world w{std::move(one)};
  w.start();
  const auto id = w.call("b").id;
  w.refuse("a");
  w.running.finished(id, std::make_shared<const json>(1), w.now);
  w.running.finished(12345, std::make_shared<const json>(1), w.now);
  EXPECT_EQ(w.outcome_of("b"), "Cancelled");
  EXPECT_EQ(w.end(), "Failed refused");
}

TEST(chat_send, is_asked_again_with_more_to_go_by) {
  using action = chat_error_rule::action;
  world w{flow_of(
      {chat({{.what = action::retry_with_prompt,
              .append_to_system_prompt = "Answer in JSON",
              .max_retries = 2},
             {.what = action::fail_fast, .append_to_system_prompt = {}}})})};
  w.start();
  EXPECT_EQ(system_prompt_of(w), "Be brief");
  w.fail("talk", said_no);
  EXPECT_EQ(system_prompt_of(w), "Be brief\nAnswer in JSON");
  w.fail("talk", said_no);
  EXPECT_EQ(system_prompt_of(w), "Be brief\nAnswer in JSON");
  w.fail("talk", said_no);
  EXPECT_EQ(w.end(), "Failed refused");
  EXPECT_EQ(w.attempts_of("talk"), 3);
}

TEST(chat_send, is_no_matter_of_prompts_where_there_was_no_answer) {
  world w{flow_of({chat({{.what = chat_error_rule::action::retry_with_prompt,
                          .append_to_system_prompt = "x"}})})};
  w.start().fail("talk", no_answer);
  EXPECT_EQ(w.end(), "Errored unreachable");
}

TEST(job_wait, asks_until_the_job_is_final) {
  world w{flow_of({node{"job", job_wait_task{.job_id = filled("INPUT.id"),
                                             .poll_interval = 2s}}}),
          {{"id", 17}}};
  w.start();
  EXPECT_EQ(std::get<job_status_call>(w.call("job").request).job_id, "17");
  w.answer("job", {{"state", "running"}});
  EXPECT_THAT(w.calls(), IsEmpty());
  w.pass(2s).answer("job", {{"state", "succeeded"}, {"result", {1, 2}}});
  EXPECT_EQ(w.result(), (json{1, 2}));
  EXPECT_EQ(w.attempts_of("job"), 1);
}

TEST(job_wait, fails_as_the_job_does) {
  world w{flow_of({node{"job", job_wait_task{.job_id = filled("j")}}})};
  w.start().answer("job", {{"state", "failed"}, {"error", "disk full"}});
  EXPECT_EQ(w.end(), "Failed job_failed");
  EXPECT_EQ(w.running.error()->message, "disk full");
}

TEST(job_wait, survives_a_question_that_was_lost) {
  world w{flow_of({node{"job", job_wait_task{.job_id = filled("j")}}.retry(
      every_second(2))})};
  w.start();
  for (int i = 0; i < 3; ++i)
    w.fail("job", no_answer)
        .pass(1s)
        .answer("job", {{"state", "running"}})
        .pass(500ms);
  w.answer("job", {{"state", "cancelled"}});
  EXPECT_EQ(w.end(), "Failed job_cancelled");
  EXPECT_EQ(w.attempts_of("job"), 4);
}

TEST(ask_user, gives_the_answer) {
  world w{flow_of({question(std::nullopt)})};
  w.start();
  EXPECT_THAT(std::get<question_call>(w.call("ask").request).choices,
              ElementsAre("yes", "no"));
  w.answer("ask", "yes");
  EXPECT_EQ(w.result(), "yes");
}

TEST(ask_user, counts_no_answer_in_time_as_its_fallback) {
  world w{flow_of({question(filled("no")).timeout(1min)})};
  w.start().pass(1min);
  EXPECT_EQ(w.result(), "no");
  EXPECT_THAT(w.called_off(), ElementsAre("ask"));
}

TEST(ask_user, takes_the_word_of_the_world_that_nobody_answered) {
  world w{flow_of({question(filled("no"))})};
  w.start().fail("ask", {.code = "timeout", .message = "nobody"});
  EXPECT_EQ(w.result(), "no");
}

TEST(ask_user, without_a_fallback_takes_too_long) {
  world w{flow_of({question(std::nullopt).timeout(1min)})};
  w.start().pass(1min);
  EXPECT_EQ(w.end(), "Errored timeout");
}

} // namespace

} // namespace mfo::taskflow::tests
