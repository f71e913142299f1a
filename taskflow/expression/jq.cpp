#include "taskflow/expression/jq.hpp"

#include "core/text.hpp"
#include "taskflow/expression/jq_messages.hpp"
#include "taskflow/expression/jq_prelude.hpp"
#include "taskflow/expression/jq_tokens.hpp"
#include "taskflow/expression/jq_value.hpp"
#include "taskflow/expression/one_line.hpp"
#include "taskflow/expression/reference_path.hpp"

extern "C" {
#include <jq.h>
}

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

namespace mfo::taskflow {

namespace {

struct teardown {
  void operator()(jq_state* state) const {
    jq_teardown(&state);
  }
};
using state_ptr = std::unique_ptr<jq_state, teardown>;

std::string text_of(jq_value value) {
  if (value.kind() != JV_KIND_STRING)
    value = jq_value(jv_dump_string(value.release(), 0));
  return jv_string_value(value.get());
}

/// What libjq says; without a callback it would write to standard error.
void note_message(void* messages, jv message) {
  static_cast<std::vector<std::string>*>(messages)->push_back(
      text_of(jq_value(message)));
}

void ignore_message(void*, jv message) {
  jv_free(message);
}

/// Nothing if there are messages.
state_ptr make_state(const std::string& program,
                     std::vector<std::string>& messages) {
  state_ptr state(jq_init());
  if (state == nullptr)
    return nullptr;
  jq_set_error_cb(state.get(), note_message, &messages);
  jq_set_debug_cb(state.get(), ignore_message, nullptr);
  jq_set_attr(state.get(), jv_string("JQ_LIBRARY_PATH"), jv_array());
  const bool compiled = jq_compile(state.get(), program.c_str()) != 0;
  jq_set_error_cb(state.get(), ignore_message, nullptr);
  return compiled && messages.empty() ? std::move(state) : nullptr;
}

/// Oniguruma, which jq matches texts with, sets itself up when it is first
/// used, and not safely if several threads are the first.
void set_up_regular_expressions() {
  static std::once_flag once;
  std::call_once(once, [] {
    std::vector<std::string> messages;
    const auto state = make_state(R"("" | test("a"))", messages);
    if (state == nullptr)
      return;
    jq_start(state.get(), jv_null(), 0);
    jv_free(jq_next(state.get()));
  });
}

} // namespace

struct jq_program::shared {
  std::string program; ///< with what makes the variables
  std::vector<std::string> roots;
  std::vector<std::string> tasks;
  bool dot = true;        ///< it may look at its dot
  bool any_task = false;  ///< it may look at tasks that it does not name
  bool has_tasks = false; ///< it names `$tasks`

  mutable std::mutex mutex;
  mutable std::vector<state_ptr> idle;

  state_ptr take() const {
    {
      const std::lock_guard lock(mutex);
      if (!idle.empty()) {
        auto state = std::move(idle.back());
        idle.pop_back();
        return state;
      }
    }
    std::vector<std::string> messages;
    return make_state(program, messages);
  }

  void give_back(state_ptr state) const {
    jq_start(state.get(), jv_null(), 0); // lets go of the values of this run
    const std::lock_guard lock(mutex);
    if (idle.size() < max_idle)
      idle.push_back(std::move(state));
  }

  /// Which may be all of a large input, and is then worth not to be asked for.
  json dot_of(const scope& in) const {
    return dot ? in.dot() : json();
  }

  /// What the program is given: its dot, or, with variables, a list of it and
  /// of their values.
  tl::expected<jq_value, std::string> input(const scope& in) const {
    if (roots.empty() && !has_tasks)
      return to_jq(dot_of(in));
    jq_value list(jv_array());
    std::optional<std::string> why_not;
    const auto append = [&](const json& value) {
      auto converted = to_jq(value);
      if (converted)
        list = jq_value(jv_array_append(list.release(), converted->release()));
      else
        why_not = std::move(converted.error());
    };
    append(dot_of(in));
    for (const auto& root : roots) {
      const auto* value = in.root(root);
      append(value == nullptr ? json() : *value);
    }
    if (has_tasks)
      append(in.tasks(any_task ? std::vector<std::string>() : tasks));
    if (why_not)
      return tl::make_unexpected(*std::move(why_not));
    return list;
  }
};

namespace {

std::optional<jq_program::problem>
refuse(std::string_view text, const jq_tokens& read, const jq_uses& uses) {
  if (text.find('\0') != text.npos)
    return jq_program::problem{"the expression has a zero byte", ""};
  if (text.size() > max_expression)
    return jq_program::problem{
        fmt::format("the expression is longer than {} bytes", max_expression),
        ""};
  if (read.depth > max_expression_depth)
    return jq_program::problem{
        fmt::format("the expression has brackets deeper than {} in one another",
                    max_expression_depth),
        ""};
  if (uses.refused)
    return jq_program::problem{*uses.refused,
                               uses.refused->starts_with("a secret")
                                   ? "give it alone, as ${SECRETS.<name>}"
                                   : ""};
  return std::nullopt;
}

/// The one value, taken out of the state.
tl::expected<json, std::string> only_value(jq_state* state) {
  const auto failed = [](jq_value value) {
    const bool message = jv_invalid_has_msg(value.copy()) != 0;
    return message ? std::optional(one_line(text_of(
                         jq_value(jv_invalid_get_msg(value.release())))))
                   : std::nullopt;
  };
  jq_value first(jq_next(state));
  if (first.kind() == JV_KIND_INVALID)
    return tl::make_unexpected(
        failed(std::move(first)).value_or("gives no value"));
  jq_value second(jq_next(state));
  if (second.kind() != JV_KIND_INVALID)
    return tl::make_unexpected(std::string("gives more than one value"));
  if (auto message = failed(std::move(second)))
    return tl::make_unexpected(*std::move(message));
  return from_jq(first);
}

} // namespace

jq_program::jq_program(std::shared_ptr<const shared> program)
  : shared_(std::move(program)) {}

tl::expected<jq_program, jq_program::problem>
jq_program::compile(std::string_view text) {
  const auto read = read_jq(text);
  auto uses = uses_of(read.tokens);
  if (auto why = refuse(text, read, uses))
    return tl::make_unexpected(*std::move(why));
  auto made = std::make_shared<shared>();
  made->tasks = std::move(uses.tasks);
  made->dot = uses.dot;
  made->any_task = uses.any_task;
  const auto is_used = [&](std::string_view variable) {
    return std::ranges::find(uses.variables, variable) != uses.variables.end();
  };
  made->program = jq_prelude;
  std::size_t index = 0;
  const auto bind = [&](std::string_view variable) {
    made->program += fmt::format(".[{}] as ${} | ", ++index, variable);
  };
  for (const auto root : root_names) {
    if (!is_used(core::lower_case(root)))
      continue;
    made->roots.emplace_back(root);
    bind(core::lower_case(root));
  }
  made->has_tasks = is_used("tasks");
  if (made->has_tasks)
    bind("tasks");
  if (index > 0)
    made->program += ".[0] | ";
  made->program += text;

  set_up_regular_expressions();
  std::vector<std::string> messages;
  auto state = make_state(made->program, messages);
  if (state == nullptr)
    return tl::make_unexpected(jq_problem_of(messages));
  made->give_back(std::move(state));
  return jq_program(std::move(made));
}

const std::vector<std::string>& jq_program::tasks() const noexcept {
  return shared_->tasks;
}

const std::vector<std::string>& jq_program::roots() const noexcept {
  return shared_->roots;
}

tl::expected<json, std::string> jq_program::run(const scope& in) const {
  auto input = shared_->input(in);
  if (!input)
    return tl::make_unexpected(std::move(input.error()));
  auto state = shared_->take();
  if (state == nullptr)
    return tl::make_unexpected(std::string("jq cannot be started"));
  jq_start(state.get(), input->release(), 0);
  auto value = only_value(state.get());
  shared_->give_back(std::move(state));
  return value;
}

} // namespace mfo::taskflow
