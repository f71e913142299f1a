#include "taskflow/load/load.hpp"

#include "tests/taskflow/load/load_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::taskflow::tests {

namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

const std::filesystem::path folder = MFO_SOURCE_DIR "/tests/taskflow/load/good";

workflow_ptr good_file(const std::string& name) {
  auto result = load_file((folder / (name + ".yaml")).string(), variables());
  if (result)
    return *std::move(result);
  ADD_FAILURE() << config::to_string(result.error());
  return must_load(with_tasks("  - {id: a, type: set, config: {value: 1}}\n"));
}

class good_workflow : public ::testing::TestWithParam<std::string> {};

TEST_P(good_workflow, loads) {
  const auto result =
      load_file((folder / (GetParam() + ".yaml")).string(), variables());
  EXPECT_TRUE(result) << config::to_string(result.error());
}

INSTANTIATE_TEST_SUITE_P(all, good_workflow,
                         ::testing::ValuesIn(names_of_files(folder)),
                         [](const auto& file) { return file.param; });

const task& task_of(const block& in, std::string_view id) {
  const auto found = std::ranges::find(in.tasks, id, &task::id);
  if (found != in.tasks.end())
    return *found;
  ADD_FAILURE() << "there is no task " << id;
  return in.tasks.front();
}

TEST(a_workflow, has_what_its_file_says) {
  const auto file = good_file("support_intake");
  EXPECT_EQ(file->name, "support_intake");
  EXPECT_EQ(file->version, "1.0.0");
  EXPECT_THAT(file->file, HasSubstr("support_intake.yaml"));
  ASSERT_THAT(file->secrets, SizeIs(1));
  EXPECT_EQ(file->secrets[0].value.reveal(), marker);
  ASSERT_THAT(file->taskflows, SizeIs(1));
  const auto& flow = file->taskflows[0];
  EXPECT_EQ(flow.id, "main");
  EXPECT_EQ(flow.max_concurrency, 5u);
  EXPECT_EQ(flow.timeout, 10min);
  EXPECT_TRUE(flow.fail_fast);
  ASSERT_TRUE(flow.input_schema);
  EXPECT_THAT(flow.input_schema->check(R"({"email": 5})"), SizeIs(1));
  EXPECT_THAT(flow.body.tasks, SizeIs(5));
}

TEST(a_workflow, has_endpoints_of_its_webhooks) {
  const auto file = good_file("support_intake");
  const auto& webhook = std::get<webhook_trigger>(file->triggers[0].config);
  EXPECT_EQ(webhook.method, "POST");
  EXPECT_EQ(webhook.endpoint.id, "gh");
  EXPECT_EQ(webhook.endpoint.path, "/hooks/gh");
  EXPECT_EQ(webhook.endpoint.payload_schema.json, R"({"type":"object"})");
  ASSERT_THAT(webhook.endpoint.signature.secrets, SizeIs(1));
  EXPECT_EQ(webhook.endpoint.signature.secrets[0].reveal(), marker);
  EXPECT_EQ(webhook.endpoint.signature.scheme,
            config::signature_scheme::github);
  EXPECT_TRUE(file->triggers[0].filter);
  EXPECT_TRUE(file->triggers[0].input_mapping);
}

TEST(a_workflow, knows_when_its_schedules_fire) {
  const auto file = good_file("support_intake");
  const auto& nightly = std::get<schedule_trigger>(file->triggers[1].config);
  EXPECT_EQ(nightly.cron_expression, "0 0 * * *");
  EXPECT_EQ(nightly.schedule.next(cron_schedule::time{1h}),
            cron_schedule::time{24h});
}

TEST(a_task, waits_for_what_it_names_and_refers_to_and_is_selected_by) {
  const auto file = good_file("support_intake");
  const auto& body = file->taskflows[0].body;
  EXPECT_THAT(task_of(body, "classify").waits_for, IsEmpty());
  EXPECT_THAT(task_of(body, "route").waits_for, ElementsAre(0));
  EXPECT_THAT(task_of(body, "file").waits_for, ElementsAre(0, 1));
  EXPECT_THAT(task_of(body, "file").selected_by, ElementsAre(1));
  EXPECT_THAT(task_of(body, "note").selected_by, ElementsAre(1));
  EXPECT_THAT(task_of(body, "done").waits_for, ElementsAre(2, 3));
  EXPECT_THAT(task_of(body, "done").depends_on, ElementsAre(2, 3));
  EXPECT_EQ(task_of(body, "done").depends.mentions().size(), 2u);
}

TEST(a_condition, has_the_indexes_of_its_targets) {
  const auto file = good_file("support_intake");
  const auto& route = std::get<condition_task>(
      task_of(file->taskflows[0].body, "route").config);
  ASSERT_THAT(route.cases, SizeIs(1));
  EXPECT_THAT(route.cases[0].then, ElementsAre(2));
  EXPECT_EQ(route.cases[0].label, R"(.label == "bug")");
  EXPECT_THAT(route.otherwise, ElementsAre(3));
}

TEST(a_task, has_its_policy_and_its_bounds) {
  const auto file = good_file("support_intake");
  const auto& classify = task_of(file->taskflows[0].body, "classify");
  EXPECT_EQ(classify.priority, task_priority::high);
  EXPECT_EQ(classify.timeout, 30s);
  ASSERT_TRUE(classify.retry);
  EXPECT_EQ(classify.retry->name, "net");
  EXPECT_FALSE(task_of(file->taskflows[0].body, "route").retry);
}

TEST(depends_on, stands_for_the_success_of_each) {
  const auto file = must_load(with_tasks(R"(
  - {id: a, type: set, config: {value: 1}}
  - {id: b, type: set, config: {value: 1}}
  - {id: c, type: set, config: {value: 1}, depends_on: [b, a, b]}
  - {id: d, type: set, config: {value: 1}, dependencies: a}
)"));
  const auto& body = file->taskflows[0].body;
  const auto& c = body.tasks[2];
  EXPECT_THAT(c.waits_for, ElementsAre(0, 1));
  EXPECT_THAT(c.depends_on, ElementsAre(1, 0));
  EXPECT_FALSE(
      c.depends.holds([](std::size_t) { return task_outcome::failed; }));
  EXPECT_TRUE(
      c.depends.holds([](std::size_t) { return task_outcome::succeeded; }));
  EXPECT_THAT(body.tasks[3].waits_for, ElementsAre(0));
}

TEST(a_webhook, may_have_several_secrets_and_a_path_by_its_provider) {
  const auto file = good_file("triggers");
  const auto& webhook = std::get<webhook_trigger>(file->triggers[4].config);
  EXPECT_EQ(webhook.endpoint.path, "/webhooks/github/issues");
  ASSERT_THAT(webhook.endpoint.signature.secrets, SizeIs(2));
  EXPECT_EQ(webhook.endpoint.signature.secrets[1].reveal(), "an old secret");
}

TEST(a_webhook, may_refer_to_a_schema_of_the_file) {
  const auto file = good_file("triggers");
  const auto& webhook = std::get<webhook_trigger>(file->triggers[5].config);
  EXPECT_EQ(webhook.method, "PUT");
  EXPECT_THAT(webhook.endpoint.payload_schema.json, HasSubstr("object"));
}

TEST(a_trigger, has_types_of_events) {
  const auto file = good_file("triggers");
  EXPECT_THAT(std::get<event_trigger>(file->triggers[2].config).types,
              ElementsAre("ticket.done", "email.**", "*.sent"));
  EXPECT_FALSE(file->triggers[3].enabled);
  EXPECT_TRUE(std::holds_alternative<manual_trigger>(file->triggers[0].config));
}

TEST(a_trigger, has_a_placement_where_it_is_given) {
  const auto file = good_file("triggers");
  EXPECT_TRUE(file->triggers[0].placement.empty());
  const auto& placement = file->triggers[6].placement;
  EXPECT_THAT(placement.require, ElementsAre(Pair("team", "crm")));
  EXPECT_THAT(placement.prefer, ElementsAre(Pair("region", "$self")));
}

TEST(blocks, are_nested_in_their_tasks) {
  const auto file = good_file("blocks");
  const auto& body = file->taskflows[0].body;
  const auto& each = std::get<for_each_task>(task_of(body, "each").config);
  ASSERT_TRUE(each.each);
  EXPECT_THAT(each.each->tasks, SizeIs(2));
  EXPECT_TRUE(each.each->output);
  EXPECT_EQ(each.max_concurrency, 2u);
  EXPECT_THAT(each.each->tasks[1].waits_for, ElementsAre(0));
  const auto& again = std::get<loop_task>(task_of(body, "again").config);
  EXPECT_EQ(again.max_iterations, 10u);
  EXPECT_EQ(again.body->tasks[0].id, "check");
  const auto& both = std::get<fork_task>(task_of(body, "both").config);
  EXPECT_TRUE(both.compete);
  ASSERT_THAT(both.branches, SizeIs(2));
  EXPECT_EQ(both.branches[1].name, "right");
  EXPECT_EQ(both.branches[1].body->tasks[0].id, "r");
  const auto& attempt = std::get<try_task>(task_of(body, "attempt").config);
  EXPECT_EQ(attempt.tasks->tasks[0].id, "risky");
  EXPECT_EQ(attempt.rescue->tasks[0].id, "rescue");
}

TEST(a_reference_within_a_block, makes_the_task_around_it_wait) {
  const auto file = good_file("blocks");
  const auto& body = file->taskflows[0].body;
  EXPECT_THAT(task_of(body, "attempt").waits_for, ElementsAre(1));
  EXPECT_THAT(task_of(body, "each").waits_for, ElementsAre(0));
}

TEST(a_subflow, has_the_index_of_its_taskflow) {
  const auto file = good_file("blocks");
  const auto& sub =
      std::get<subflow_task>(task_of(file->taskflows[0].body, "sub").config);
  EXPECT_EQ(sub.taskflow, 1u);
  EXPECT_EQ(sub.input.as_constant(), nullptr);
}

TEST(a_chat, has_what_its_table_says) {
  const auto file = good_file("calls");
  const auto& chat =
      std::get<chat_send_task>(task_of(file->taskflows[0].body, "chat").config);
  EXPECT_EQ(chat.prompt_template_id, "triage");
  EXPECT_THAT(chat.include_tools, ElementsAre("search", "fetch"));
  EXPECT_TRUE(chat.include_server_tools);
  ASSERT_THAT(chat.on_error, SizeIs(2));
  EXPECT_EQ(chat.on_error[0].max_retries, 2u);
  EXPECT_EQ(chat.on_error[1].what, chat_error_rule::action::fail_fast);
}

TEST(what_is_left_out, has_a_default) {
  const auto file = good_file("calls");
  const auto& body = file->taskflows[0].body;
  const auto& tool = std::get<tool_execute_task>(task_of(body, "tool").config);
  ASSERT_NE(tool.arguments.as_constant(), nullptr);
  EXPECT_EQ(*tool.arguments.as_constant(), json::object());
  const auto& event =
      std::get<forward_event_task>(task_of(body, "event").config);
  ASSERT_NE(event.payload.as_constant(), nullptr);
  EXPECT_TRUE(event.payload.as_constant()->is_null());
  const auto& fetch = std::get<http_call_task>(task_of(body, "fetch").config);
  EXPECT_EQ(fetch.method, "GET");
  EXPECT_EQ(*fetch.headers.as_constant(), json::object());
  EXPECT_TRUE(task_of(body, "job").retry);
}

TEST(a_prompt, has_the_variables_of_its_texts) {
  const auto file = good_file("calls");
  EXPECT_THAT(file->prompts[0].variables, ElementsAre("mail", "tone"));
  EXPECT_THAT(file->prompts[1].variables, ElementsAre("mail", "tone"));
  EXPECT_EQ(file->prompts[1].text, "Classify {{mail}}");
  EXPECT_EQ(file->prompts[2].text, "Hello {{who}}");
  EXPECT_THAT(file->prompts[2].file, HasSubstr("plain.txt"));
}

TEST(a_file, that_is_not_there_is_told) {
  const auto result = load_file("/no/such/file.yaml", variables());
  ASSERT_FALSE(result);
  ASSERT_THAT(result.error(), SizeIs(1));
  EXPECT_EQ(result.error()[0].file, "/no/such/file.yaml");
  EXPECT_THAT(result.error()[0].message, HasSubstr("cannot be read"));
}

TEST(a_file, that_is_too_large_is_told) {
  EXPECT_THAT(problems_of(std::string((1 << 20) + 1, '#')),
              HasSubstr("larger than 1MiB"));
}

TEST(a_dollar_sign, names_no_variable_of_the_environment) {
  const auto file = must_load(
      with_tasks("  - {id: a, type: set, config: {value: \"$${TOKEN}\"}}\n",
                 "description: \"${TOKEN}\"\n"));
  EXPECT_EQ(file->description, "${TOKEN}");
  const auto& value =
      std::get<set_task>(file->taskflows[0].body.tasks[0].config).value;
  ASSERT_NE(value.as_constant(), nullptr);
  EXPECT_EQ(*value.as_constant(), "${TOKEN}");
}

} // namespace

} // namespace mfo::taskflow::tests
