#include "config/schema_common.hpp"
#include "taskflow/load/task_draft.hpp"

#include <fmt/format.h>

#include <chrono>

using namespace std::chrono_literals;

namespace mfo::taskflow {

using config::cursor;
using config::make_section;
using config::reader;
using config::section_view;

namespace {

using fields = std::vector<config::field<draft_task>>;

/// A member of the task that is made.
template <class T>
auto in_task(T task::*member) {
  return [member](auto& draft) -> auto& {
    return draft.made.*member;
  };
}

void read_depends(draft_task& draft, const cursor& at, reader& in) {
  const auto text = in.read_text(at);
  if (!text)
    return;
  auto parsed = depends_expression::parse(*text);
  if (!parsed) {
    auto& problem = parsed.error();
    return in.report(place_in(*at.value, problem.offset), at.path,
                     std::move(problem.message), std::move(problem.hint));
  }
  draft.depends = *std::move(parsed);
  draft.depends_at = at;
}

/// Both spellings of one key.
config::field<draft_task> after(std::string key, std::string help) {
  return names<draft_task>({.key = std::move(key),
                            .help = std::move(help),
                            .example = "[classify]",
                            .default_text = "none"},
                           [](draft_task& draft, std::vector<name_at> found) {
                             draft.after = std::move(found);
                           });
}

config::section<draft_task> output_table() {
  return make_section<draft_task>(
      {config::value<draft_task>({.key = "as",
                                  .help = "The result is `CONTEXT.<this>` too.",
                                  .example = "ticket",
                                  .required = true},
                                 in_task(&task::output_as), variable_name())});
}

fields what_it_does() {
  using d = draft_task;
  std::string words;
  for (const auto& kind : task_kinds())
    words += (words.empty() ? "" : ", ") + kind.name;
  return {
      config::value<d>({.key = "id",
                        .help = "A name, unique in the taskflow.",
                        .example = "classify",
                        .required = true},
                       in_task(&task::id), id_text()),
      reading<d>({.key = "type",
                  .help = "What it does.",
                  .example = "set",
                  .required = true,
                  .type = "word",
                  .range = words},
                 [](d& draft, const cursor& at, reader& in) {
                   draft.type =
                       read_kind(task_kinds(), "a type of task", at, in);
                 }),
      reading<d>({.key = "config",
                  .help = "What it needs to know; its keys depend on `type`.",
                  .default_text = "{}",
                  .type = "map"},
                 [](d&, const cursor&, reader&) {}),
      config::nested<d>(
          {.key = "output", .help = "Where else its result can be found."},
          [](auto& draft) -> auto& { return draft; }, output_table()),
  };
}

fields when_it_runs() {
  using d = draft_task;
  return {
      after("depends_on", "The tasks of the same block that must have "
                          "succeeded, or been skipped, before."),
      after("dependencies", "The same."),
      reading<d>({.key = "depends",
                  .help = "A condition over the outcomes of tasks of the same "
                          "block, in place of `depends_on`.",
                  .example = "file.Succeeded || note.Failed",
                  .default_text = "none",
                  .type = "text"},
                 read_depends),
      when_holds<d>({.key = "when",
                     .help = "It is skipped when this does not hold.",
                     .example = "INPUT.urgent",
                     .default_text = "true"},
                    in_task(&task::when)),
      config::value<d>(
          {.key = "priority",
           .help = "Which of the tasks that could run goes first.",
           .example = "high"},
          in_task(&task::priority),
          config::one_of<task_priority>({{"low", task_priority::low},
                                         {"normal", task_priority::normal},
                                         {"high", task_priority::high}})),
      name_of<d>(
          {.key = "retry",
           .help = "A policy of `global_configs.retries`, or `default`: "
                   "how it is tried again.",
           .example = "net",
           .default_text = "it is tried once"},
          [](d& draft, name_at found) { draft.retry = std::move(found); }),
      config::value<d>({.key = "timeout",
                        .help = "How long it may take, all tries together.",
                        .example = "30s",
                        .default_text = "the taskflow's"},
                       in_task(&task::timeout), config::duration(1ms, 24h)),
  };
}

void finish_task(draft_task& draft, const section_view& view, reader& in) {
  draft.at = view.self();
  draft.made.where = view.self().where();
  config::refuse_several(view, {"depends", "depends_on", "dependencies"}, in);
  if (const auto when = view.find("when"))
    draft.never = when->value->text == "false";
  read_config(task_kinds(), draft, view, in);
  const auto retry = view.find("retry");
  if (!retry || draft.type.empty() || is_call(draft.made.config))
    return;
  in.report(retry->key_where, retry->path,
            fmt::format("means nothing with type {}", draft.type),
            "only tasks that call something are tried again");
  draft.retry.reset();
}

} // namespace

const std::vector<task_kind>& task_kinds() {
  static const auto kinds = [] {
    std::vector<task_kind> all;
    for (const auto& group :
         {server_kinds(), call_kinds(), plain_kinds(), block_kinds()})
      all.insert(all.end(), group.begin(), group.end());
    return all;
  }();
  return kinds;
}

const config::section<draft_task>& task_table() {
  static const auto table = [] {
    auto all = what_it_does();
    for (auto& each : when_it_runs())
      all.push_back(std::move(each));
    return make_section<draft_task>(std::move(all), finish_task);
  }();
  return table;
}

} // namespace mfo::taskflow
