#include "config/address.hpp"
#include "config/schema_common.hpp"
#include "taskflow/load/task_draft.hpp"

namespace mfo::taskflow {

using config::cursor;
using config::make_section;
using config::reader;
using config::section_view;

namespace {

constexpr unsigned most_chat_retries = 10;

task_kind tool_execute() {
  using t = tool_execute_task;
  using s = config_draft<t>;
  return kind_of<t>(
      "Runs a tool of the server.",
      make_section<s>(
          {filled_in<s>({.key = "tool_id",
                         .help = "The tool.",
                         .example = "create_issue",
                         .required = true},
                        in_settings(&t::tool_id), {.kind = shape::text}),
           filled_in<s>({.key = "arguments",
                         .help = "Its arguments, a map. May hold "
                                 "`${SECRETS.name}`.",
                         .example = "{title: classify.result.title}",
                         .default_text = "{}"},
                        in_settings(&t::arguments),
                        {.kind = shape::map, .takes_secrets = true})},
          [](s& draft, const section_view& view, reader&) {
            if (!view.given("arguments"))
              draft.settings.arguments =
                  value_template::constant(json::object());
          }));
}

config::section<chat_error_rule> error_rule_table() {
  using s = chat_error_rule;
  using action = chat_error_rule::action;
  return make_section<s>(
      {config::value<s>(
           {.key = "action",
            .help = "`retry_with_prompt`: the chat is sent again, with more in "
                    "its system prompt. `fail_fast`: the task fails.",
            .example = "retry_with_prompt",
            .required = true},
           &s::what,
           config::one_of<action>(
               {{"retry_with_prompt", action::retry_with_prompt},
                {"fail_fast", action::fail_fast}})),
       config::value<s>({.key = "append_to_system_prompt",
                         .help = "What is added.",
                         .example = "Answer in JSON.",
                         .default_text = "nothing"},
                        &s::append_to_system_prompt, free_text()),
       config::value<s>({.key = "max_retries",
                         .help = "How often it is sent again at most.",
                         .example = "2"},
                        &s::max_retries,
                        config::integer<unsigned>(1, most_chat_retries))},
      [](s& rule, const section_view& view, reader& in) {
        if (!view.sound("action") || rule.what != action::fail_fast)
          return;
        for (const auto* key : {"append_to_system_prompt", "max_retries"})
          if (const auto given = view.find(key))
            in.report(given->key_where, given->path,
                      "means nothing with action fail_fast");
      });
}

using chat_draft = config_draft<chat_send_task>;

config::section<chat_draft> error_handling_table() {
  constexpr std::size_t most_rules = 10;
  return make_section<chat_draft>({config::list_of<chat_draft>(
      {.key = "on_error",
       .help = "What is done, in this order, until the reply is good.",
       .required = true},
      in_settings(&chat_send_task::on_error), error_rule_table(), most_rules)});
}

void finish_chat(chat_draft& draft, const section_view& view, reader& in) {
  config::require_one(view, {"prompt", "prompt_template_id"}, in);
  const auto chosen = view.find("prompt_template_id");
  if (!view.given("prompt_context"))
    draft.settings.prompt_context = value_template::constant(json::object());
  if (!view.given("options"))
    draft.settings.options = value_template::constant(json::object());
  if (chosen && view.sound("prompt_template_id"))
    draft.notes.prompt =
        prompt_use{{draft.settings.prompt_template_id, *chosen},
                   view.find("prompt_context").value_or(cursor{})};
}

std::string flaw_of_prompt(const json& value) {
  return value.get_ref<const std::string&>().empty() ? "must not be empty" : "";
}

std::vector<config::field<chat_draft>> prompt_fields() {
  using t = chat_send_task;
  using s = chat_draft;
  return {
      filled_in<s>({.key = "prompt",
                    .help = "What is said.",
                    .example = "Classify ${INPUT.subject}",
                    .default_text = "either this or `prompt_template_id`"},
                   in_settings(&t::prompt),
                   {.kind = shape::text, .flaw = flaw_of_prompt}),
      config::value<s>({.key = "prompt_template_id",
                        .help = "An entry of `prompt_templates` that is said, "
                                "with `prompt_context` filled in.",
                        .example = "triage",
                        .default_text = "either this or `prompt`"},
                       in_settings(&t::prompt_template_id),
                       config::text("name", "of an entry of `prompt_templates`",
                                    config::parse_id)),
      filled_in<s>({.key = "prompt_context",
                    .help = "The values of the prompt's variables, a map.",
                    .example = "{mail: INPUT.email}",
                    .default_text = "{}"},
                   in_settings(&t::prompt_context), {.kind = shape::map}),
      filled_in<s>({.key = "system_prompt",
                    .help = "What the model is told beforehand.",
                    .example = "Be brief.",
                    .default_text = "none"},
                   in_settings(&t::system_prompt), {.kind = shape::text}),
      filled_in<s>({.key = "thread_id",
                    .help = "The thread in which it is said.",
                    .example = "INPUT.thread",
                    .default_text = "a new one"},
                   in_settings(&t::thread_id), {.kind = shape::text}),
  };
}

std::vector<config::field<chat_draft>> model_fields() {
  using t = chat_send_task;
  using s = chat_draft;
  constexpr std::size_t most_tools = 100;
  return {
      config::value<s>({.key = "provider_id",
                        .help = "The provider of the model.",
                        .example = "anthropic",
                        .default_text = "the server's"},
                       in_settings(&t::provider_id), foreign_name()),
      config::value<s>({.key = "model_id",
                        .help = "The model.",
                        .example = "small",
                        .default_text = "the server's"},
                       in_settings(&t::model_id), foreign_name()),
      config::value_list<s>({.key = "include_tools",
                             .help = "Tools that the model may use.",
                             .example = "[search]",
                             .default_text = "none"},
                            in_settings(&t::include_tools), foreign_name(),
                            most_tools),
      config::value<s>({.key = "include_server_tools",
                        .help = "Whether it may use the server's tools.",
                        .example = "true"},
                       in_settings(&t::include_server_tools),
                       config::yes_or_no()),
      filled_in<s>({.key = "options",
                    .help = "What else the server is to be told, a map.",
                    .example = "{temperature: 0}",
                    .default_text = "{}"},
                   in_settings(&t::options), {.kind = shape::map}),
      config::nested<s>(
          {.key = "error_handling",
           .help = "What is done when the reply is an error."},
          [](auto& draft) -> auto& { return draft; }, error_handling_table()),
  };
}

task_kind chat_send() {
  auto fields = prompt_fields();
  for (auto& each : model_fields())
    fields.push_back(std::move(each));
  return kind_of<chat_send_task>(
      "Says something to a model, and gives what it answers.",
      make_section<chat_draft>(std::move(fields), finish_chat));
}

/// A type that needs one text.
template <class T>
task_kind with_one_text(std::string help, std::string key, std::string key_help,
                        std::string example, value_template T::*member) {
  using s = config_draft<T>;
  return kind_of<T>(std::move(help),
                    make_section<s>({filled_in<s>(
                        {.key = std::move(key),
                         .help = std::move(key_help),
                         .example = std::move(example),
                         .required = true},
                        in_settings(member), {.kind = shape::text})}));
}

task_kind memory_store() {
  using t = memory_store_task;
  using s = config_draft<t>;
  return kind_of<t>(
      "Has the server keep a value.",
      make_section<s>(
          {filled_in<s>({.key = "key",
                         .help = "By which it is found again.",
                         .example = "last_ticket",
                         .required = true},
                        in_settings(&t::key), {.kind = shape::text}),
           filled_in<s>({.key = "value",
                         .help = "The value.",
                         .example = "INPUT.email",
                         .required = true},
                        in_settings(&t::value), {})}));
}

} // namespace

std::vector<task_kind> server_kinds() {
  return {tool_execute(),
          chat_send(),
          with_one_text("Gives what was said in a thread.", "thread_id",
                        "The thread.", "INPUT.thread",
                        &chat_history_task::thread_id),
          with_one_text("Gives a resource of the server.", "resource_id",
                        "The resource.", "prices",
                        &resource_get_task::resource_id),
          with_one_text("Gives a value that the server keeps.", "key",
                        "Its key.", "last_ticket", &memory_get_task::key),
          memory_store()};
}

} // namespace mfo::taskflow
