#include "node/taskflow/run_view.hpp"

#include "node/json_cells.hpp"
#include "node/text_table.hpp"

#include "api/json_body.hpp"
#include "core/printable.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>

namespace mfo::node {

namespace {

using nlohmann::json;

std::string state_of(const json& of) {
  const auto outcome = api::optional_text(of, "outcome");
  return outcome.empty() ? text_in(of, "state") : outcome;
}

std::string code_of(const json& of) {
  const auto* error = api::find_member(of, "error");
  return error == nullptr ? "-" : text_in(*error, "code");
}

std::string choices_of(const json& question) {
  const auto texts = words_in(question, "choices");
  return texts.empty() ? "-" : fmt::format("{}", fmt::join(texts, " | "));
}

} // namespace

std::string run_list(const json& reply) {
  text_table table{{"ID", "STARTED", "WORKFLOW", "TASKFLOW", "TRIGGER", "STATE",
                    "TOOK", "TASKS", "ERROR"}};
  std::string out;
  for (const auto& run : list_in(reply, "runs"))
    out += table.add({text_in(run, "id"), text_in(run, "started_at"),
                      text_in(run, "workflow"), text_in(run, "taskflow"),
                      text_in(run, "trigger"), state_of(run),
                      time_in(run, "duration_ms"), text_in(run, "tasks_total"),
                      code_of(run)});
  out += table.finish();
  return out.empty() ? "no runs\n" : out;
}

std::string run_in_full(const json& run) {
  std::string out;
  const auto line = [&out](std::string_view name, std::string_view text) {
    out += fmt::format("{:<10}{}\n", name, core::printable(text));
  };
  line("run", text_in(run, "id"));
  line("taskflow", text_in(run, "workflow") + "/" + text_in(run, "taskflow"));
  line("trigger", text_in(run, "trigger"));
  line("event", text_in(run, "event_id"));
  line("started", text_in(run, "started_at"));
  line("state", state_of(run));
  line("took", time_in(run, "duration_ms"));
  if (const auto error = error_line(run); !error.empty())
    line("error", error);
  text_table table{{"AT", "TOOK", "TASK", "TYPE", "STATE", "TRIES", "ERROR"}};
  std::string rows;
  for (const auto& task : list_in(run, "tasks"))
    rows +=
        table.add({time_in(task, "began_ms"), time_in(task, "duration_ms"),
                   text_in(task, "path"), text_in(task, "type"), state_of(task),
                   text_in(task, "attempts"), error_line(task)});
  rows += table.finish();
  if (!rows.empty())
    out += "\n" + rows;
  if (const auto others = text_in(run, "tasks_left_out");
      others != "0" && others != "-")
    out += fmt::format("and {} more\n", core::printable(others));
  return out;
}

std::string question_list(const json& reply) {
  text_table table{
      {"ID", "TASKFLOW", "TASK", "ASKED", "UNTIL", "CHOICES", "QUESTION"}};
  std::string out;
  for (const auto& each : list_in(reply, "questions"))
    out += table.add(
        {text_in(each, "id"),
         text_in(each, "workflow") + "/" + text_in(each, "taskflow"),
         text_in(each, "task"), text_in(each, "asked_at"),
         text_in(each, "until"), choices_of(each), text_in(each, "question")});
  out += table.finish();
  return out.empty() ? "no questions\n" : out;
}

std::string error_line(const json& of) {
  const auto* error = api::find_member(of, "error");
  if (error == nullptr)
    return {};
  const auto task = api::optional_text(*error, "task");
  return fmt::format("{}{}: {}", text_in(*error, "code"),
                     task.empty() ? "" : " in " + task,
                     text_in(*error, "message"));
}

} // namespace mfo::node
