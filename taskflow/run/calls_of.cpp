#include "taskflow/run/calls_of.hpp"

#include "core/text.hpp"
#include "taskflow/json_text.hpp"
#include "taskflow/prompt_text.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace mfo::taskflow {

namespace {

/// Fills in templates and keeps the first problem; after it, values are empty.
class filler {
public:
  explicit filler(const scope& in) : in_(in) {}

  json value(const value_template& from) {
    if (problem_)
      return nullptr;
    auto found = from.evaluate(in_);
    if (found)
      return std::move(*found);
    refuse("expression", to_string(found.error()));
    return nullptr;
  }

  /// Empty for null, where that is allowed.
  std::string text(const value_template& from, std::string_view key,
                   bool required = true) {
    const auto found = value(from);
    if (found.is_structured() || (found.is_null() && required))
      refuse("expression", std::string{key} + ": expected a text, not " +
                               std::string{type_of(found)});
    return found.is_primitive() && !found.is_null() ? as_text(found) : "";
  }

  /// Null counts as an empty one.
  json object(const value_template& from, std::string_view key) {
    auto found = value(from);
    if (found.is_null())
      return json::object();
    if (!found.is_object())
      refuse("expression", std::string{key} + ": expected an object, not " +
                               std::string{type_of(found)});
    return found;
  }

  void refuse(std::string code, std::string message) {
    if (!problem_)
      problem_ = {std::move(code), std::move(message)};
  }

  [[nodiscard]] const std::optional<call_problem>& problem() const {
    return problem_;
  }

private:
  const scope& in_;
  std::optional<call_problem> problem_;
};

/// The text of a template, or of its system prompt.
std::string filled(const std::string& text, const json& context, filler& with) {
  auto done = fill_prompt(text, context);
  if (done)
    return std::move(*done);
  with.refuse("prompt", done.error());
  return {};
}

void use_template(chat_call& call, const prompt_template& prompt,
                  const json& context, filler& with) {
  for (const auto& variable : prompt.variables)
    if (!context.contains(variable))
      with.refuse("prompt", "prompt_context has no \"" + variable +
                                "\", which prompt \"" + prompt.id +
                                "\" asks for");
  call.prompt = filled(prompt.text, context, with);
  if (call.system_prompt.empty())
    call.system_prompt = filled(prompt.system_prompt, context, with);
  if (call.provider_id.empty())
    call.provider_id = prompt.provider_id;
  if (call.model_id.empty())
    call.model_id = prompt.model_id;
  if (call.include_tools.empty())
    call.include_tools = prompt.tools;
}

void append_context(std::string& prompt, const json& context) {
  std::string_view before = "\n\n";
  for (const auto& [name, value] : context.items()) {
    prompt.append(before).append(name).append(": ").append(as_text(value));
    before = "\n";
  }
}

call_request make(const tool_execute_task& task, const workflow& /*of*/,
                  filler& with) {
  return tool_call{.tool_id = with.text(task.tool_id, "tool_id"),
                   .arguments = with.object(task.arguments, "arguments")};
}

call_request make(const chat_send_task& task, const workflow& of,
                  filler& with) {
  chat_call call{.prompt = {},
                 .system_prompt =
                     with.text(task.system_prompt, "system_prompt", false),
                 .thread_id = with.text(task.thread_id, "thread_id", false),
                 .provider_id = task.provider_id,
                 .model_id = task.model_id,
                 .include_tools = task.include_tools,
                 .include_server_tools = task.include_server_tools,
                 .options = with.object(task.options, "options")};
  const auto context = with.object(task.prompt_context, "prompt_context");
  if (with.problem())
    return call;
  if (task.prompt_template_id.empty()) {
    call.prompt = with.text(task.prompt, "prompt");
    append_context(call.prompt, context);
    return call;
  }
  const auto prompt =
      std::find_if(of.prompts.begin(), of.prompts.end(), [&](const auto& one) {
        return one.id == task.prompt_template_id;
      });
  if (prompt == of.prompts.end())
    with.refuse("prompt", "there is no prompt \"" + task.prompt_template_id +
                              "\" in this workflow");
  else
    use_template(call, *prompt, context, with);
  return call;
}

call_request make(const chat_history_task& task, const workflow& /*of*/,
                  filler& with) {
  return chat_history_call{with.text(task.thread_id, "thread_id")};
}

call_request make(const resource_get_task& task, const workflow& /*of*/,
                  filler& with) {
  return resource_call{with.text(task.resource_id, "resource_id")};
}

call_request make(const memory_get_task& task, const workflow& /*of*/,
                  filler& with) {
  return memory_get_call{with.text(task.key, "key")};
}

call_request make(const memory_store_task& task, const workflow& /*of*/,
                  filler& with) {
  return memory_store_call{.key = with.text(task.key, "key"),
                           .value = with.value(task.value)};
}

call_request make(const job_wait_task& task, const workflow& /*of*/,
                  filler& with) {
  return job_status_call{with.text(task.job_id, "job_id")};
}

call_request make(const forward_event_task& task, const workflow& /*of*/,
                  filler& with) {
  auto payload = with.value(task.payload);
  return event_call{.type = with.text(task.type, "type", false),
                    .payload = payload.is_null() ? nullptr
                                                 : std::make_shared<const json>(
                                                       std::move(payload))};
}

call_request make(const http_call_task& task, const workflow& /*of*/,
                  filler& with) {
  http_request_call call{.method = task.method,
                         .url = with.text(task.url, "url"),
                         .headers = {},
                         .body = {},
                         .content_type = {},
                         .accept_statuses = task.accept_statuses};
  const auto body = with.value(task.body);
  if (!body.is_null()) {
    call.body = as_text(body);
    call.content_type =
        body.is_string() ? "text/plain; charset=utf-8" : "application/json";
  }
  const auto headers = with.object(task.headers, "headers");
  if (with.problem())
    return call;
  for (const auto& [name, value] : headers.items()) {
    if (value.is_structured())
      with.refuse("expression", "headers: expected texts, not " +
                                    std::string{type_of(value)});
    else if (core::equal_ignoring_case(name, "content-type"))
      call.content_type = as_text(value);
    else
      call.headers.emplace_back(name, as_text(value));
  }
  return call;
}

call_request make(const ask_user_task& task, const workflow& /*of*/,
                  filler& with) {
  return question_call{.question = with.text(task.question, "question"),
                       .choices = task.choices};
}

} // namespace

tl::expected<call_request, call_problem>
call_of(const task_config& config, const workflow& of, const scope& in) {
  filler with{in};
  auto call = std::visit(
      [&](const auto& task) -> call_request {
        if constexpr (requires { make(task, of, with); })
          return make(task, of, with);
        else
          return {};
      },
      config);
  if (with.problem())
    return tl::unexpected(*with.problem());
  return call;
}

} // namespace mfo::taskflow
