#include "taskflow/run/calls_of.hpp"

#include "tests/taskflow/expression/scope.hpp"
#include "tests/taskflow/run/builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::taskflow::tests {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

class calls_of : public ::testing::Test {
protected:
  calls_of() {
    in.roots["INPUT"] = {{"name", "Ada"}, {"n", 3}, {"list", {1}}};
    of.prompts.push_back({.id = "greet",
                          .file = {},
                          .text = "Greet {{who}}",
                          .system_prompt = "You know {{who}}",
                          .variables = {"who"},
                          .provider_id = "p",
                          .model_id = "m",
                          .tools = {"post"}});
  }

  template <class Call>
  Call call(const task_config& config) {
    auto made = call_of(config, of, in);
    if (made)
      return std::get<Call>(*std::move(made));
    ADD_FAILURE() << made.error().code << ": " << made.error().message;
    return {};
  }

  call_problem problem(const task_config& config) {
    const auto made = call_of(config, of, in);
    if (!made)
      return made.error();
    ADD_FAILURE() << "it is good";
    return {};
  }

  static chat_send_task chat() {
    return {.prompt_template_id = {},
            .prompt = {},
            .prompt_context = {},
            .system_prompt = {},
            .thread_id = {},
            .provider_id = {},
            .model_id = {},
            .include_tools = {},
            .options = {},
            .on_error = {}};
  }

  static http_call_task http() {
    return {.method = "PUT",
            .url = filled("http://h/${INPUT.n}"),
            .headers = {},
            .body = {},
            .accept_statuses = {}};
  }

  workflow of;
  fixed_scope in;
};

TEST_F(calls_of, a_chat_are_told_the_context_after_the_prompt) {
  auto config = chat();
  config.prompt = filled("Hello");
  config.prompt_context = filled("{n: INPUT.n, who: INPUT.name}");
  const auto made = call<chat_call>(config);
  EXPECT_EQ(made.prompt, "Hello\n\nn: 3\nwho: Ada");
  EXPECT_EQ(made.options, json::object());
}

TEST_F(calls_of, a_chat_fill_in_its_template) {
  auto config = chat();
  config.prompt_template_id = "greet";
  config.prompt_context = filled("{who: INPUT.name}");
  const auto made = call<chat_call>(config);
  EXPECT_EQ(made.prompt, "Greet Ada");
  EXPECT_EQ(made.system_prompt, "You know Ada");
  EXPECT_EQ(made.provider_id, "p");
  EXPECT_EQ(made.model_id, "m");
  EXPECT_THAT(made.include_tools, ElementsAre("post"));
}

TEST_F(calls_of, a_chat_prefer_its_own_settings_to_those_of_the_template) {
  auto config = chat();
  config.prompt_template_id = "greet";
  config.prompt_context = filled("{who: you}");
  config.system_prompt = filled("Be brief");
  config.provider_id = "other";
  const auto made = call<chat_call>(config);
  EXPECT_EQ(made.system_prompt, "Be brief");
  EXPECT_EQ(made.provider_id, "other");
}

TEST_F(calls_of, a_chat_need_all_variables_of_the_template) {
  auto config = chat();
  config.prompt_template_id = "greet";
  const auto why = problem(config);
  EXPECT_EQ(why.code, "prompt");
  EXPECT_THAT(why.message, HasSubstr("who"));
}

TEST_F(calls_of, a_tool_need_an_object) {
  const auto why = problem(tool_execute_task{
      .tool_id = filled("t"), .arguments = filled("INPUT.list")});
  EXPECT_EQ(why.code, "expression");
  EXPECT_EQ(why.message, "arguments: expected an object, not a list");
}

TEST_F(calls_of, a_text_take_numbers_too_and_nothing_else) {
  EXPECT_EQ(call<memory_get_call>(memory_get_task{filled("INPUT.n")}).key, "3");
  EXPECT_EQ(problem(memory_get_task{filled("null")}).message,
            "key: expected a text, not null");
  EXPECT_EQ(problem(memory_get_task{filled("INPUT.list")}).message,
            "key: expected a text, not a list");
}

TEST_F(calls_of, http_send_a_value_as_json_and_a_text_as_it_is) {
  auto config = http();
  config.body = filled("{a: INPUT.n}");
  auto made = call<http_request_call>(config);
  EXPECT_EQ(made.url, "http://h/3");
  EXPECT_EQ(made.body, R"({"a":3})");
  EXPECT_EQ(made.content_type, "application/json");
  config.body = filled("INPUT.name");
  made = call<http_request_call>(config);
  EXPECT_EQ(made.body, "Ada");
  EXPECT_EQ(made.content_type, "text/plain; charset=utf-8");
}

TEST_F(calls_of, http_take_the_type_of_the_body_from_the_headers) {
  auto config = http();
  config.body = filled("a,b");
  config.headers = filled("{Content-Type: text/csv, X-N: INPUT.n}");
  const auto made = call<http_request_call>(config);
  EXPECT_EQ(made.content_type, "text/csv");
  EXPECT_THAT(made.headers, ElementsAre(Pair("X-N", "3")));
}

TEST_F(calls_of, an_event_may_leave_all_to_the_trigger) {
  const auto made =
      call<event_call>(forward_event_task{.type = {}, .payload = {}});
  EXPECT_EQ(made.type, "");
  EXPECT_EQ(made.payload, nullptr);
}

TEST_F(calls_of, an_event_have_a_type_and_a_payload) {
  const auto made = call<event_call>(
      forward_event_task{.type = filled("a.b"), .payload = filled("INPUT.n")});
  EXPECT_EQ(made.type, "a.b");
  EXPECT_EQ(*made.payload, 3);
}

TEST_F(calls_of, memory_store_any_value) {
  const auto made = call<memory_store_call>(
      memory_store_task{.key = filled("k"), .value = filled("[INPUT.name]")});
  EXPECT_EQ(made.value, (json{"Ada"}));
}

} // namespace

} // namespace mfo::taskflow::tests
