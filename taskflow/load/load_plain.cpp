#include "config/address.hpp"
#include "config/schema_common.hpp"
#include "taskflow/load/task_draft.hpp"

namespace mfo::taskflow {

using config::cursor;
using config::make_section;
using config::reader;
using config::section_view;

namespace {

task_kind set() {
  using t = set_task;
  using s = config_draft<t>;
  return kind_of<t>(
      "Gives a value.",
      make_section<s>({filled_in<s>({.key = "value",
                                     .help = "The value.",
                                     .example = "{n: INPUT.n}",
                                     .required = true},
                                    in_settings(&t::value), {})}));
}

struct case_draft {
  std::optional<predicate> when;
  std::string label;
  std::vector<name_at> then;
  task_notes notes;
};

config::section<case_draft> case_table() {
  using s = case_draft;
  return make_section<s>({when_holds<s>({.key = "when",
                                         .help = "The condition.",
                                         .example = "classify.result.bug",
                                         .required = true},
                                        &s::when),
                          names<s>({.key = "then",
                                    .help = "The tasks that run when it holds.",
                                    .example = "file",
                                    .required = true},
                                   [](s& draft, std::vector<name_at> found) {
                                     draft.then = std::move(found);
                                   })},
                         [](s& draft, const section_view& view, reader&) {
                           if (const auto when = view.find("when"))
                             draft.label = when->value->text;
                         });
}

struct condition_draft {
  condition_task settings;
  std::vector<case_draft> cases;
  std::vector<name_at> otherwise;
  task_notes notes;
};

void finish_condition(condition_draft&& draft, draft_task& task) {
  for (auto& each : draft.cases) {
    if (!each.when)
      continue; // told already
    draft.settings.cases.push_back(
        {*std::move(each.when), {}, std::move(each.label)});
    task.notes.targets.push_back(std::move(each.then));
    append(task.notes, std::move(each.notes));
  }
  task.notes.targets.push_back(std::move(draft.otherwise));
  task.made.config = std::move(draft.settings);
}

task_kind condition() {
  using s = condition_draft;
  constexpr std::size_t most_cases = 100;
  auto table = make_section<s>(
      {config::list_of<s>({.key = "cases",
                           .help = "The first that holds selects its tasks.",
                           .required = true},
                          &s::cases, case_table(), most_cases),
       names<s>({.key = "default",
                 .help = "The tasks that run when none holds.",
                 .example = "note",
                 .default_text = "none"},
                [](s& draft, std::vector<name_at> found) {
                  draft.otherwise = std::move(found);
                })});
  return kind_of("condition",
                 "Selects which tasks run; those that it names and does not "
                 "select are skipped.",
                 std::move(table), finish_condition);
}

task_kind wait() {
  using t = wait_task;
  using s = config_draft<t>;
  const auto flaw = [](const json& value) -> std::string {
    if (value.is_number())
      return value.get<double>() < 0 ? "must not be negative" : "";
    if (!value.is_string())
      return "must be a duration such as 5s, or a number of seconds";
    const auto parsed =
        config::parse_duration(value.get_ref<const std::string&>());
    return parsed ? "" : parsed.error();
  };
  return kind_of<t>(
      "Waits.", make_section<s>({filled_in<s>(
                    {.key = "duration",
                     .help = "How long: a duration, or a number of seconds.",
                     .example = "5s",
                     .required = true},
                    in_settings(&t::duration), {.flaw = flaw})}));
}

task_kind raise() {
  using t = raise_task;
  using s = config_draft<t>;
  return kind_of<t>(
      "Fails.",
      make_section<s>(
          {filled_in<s>({.key = "code",
                         .help = "A word for programs.",
                         .example = "no_ticket",
                         .required = true},
                        in_settings(&t::code), {.kind = shape::text}),
           filled_in<s>({.key = "message",
                         .help = "A text for people.",
                         .example = "no ticket was made",
                         .default_text = "empty"},
                        in_settings(&t::message), {.kind = shape::text})}));
}

task_kind subflow() {
  using t = subflow_task;
  using s = config_draft<t>;
  return kind_of<t>(
      "Runs another taskflow of the file, as if it stood here.",
      make_section<s>({name_of<s>({.key = "taskflow_id",
                                   .help = "The taskflow.",
                                   .example = "notify",
                                   .required = true},
                                  [](s& draft, name_at found) {
                                    draft.notes.taskflow = std::move(found);
                                  }),
                       filled_in<s>({.key = "input",
                                     .help = "Its input.",
                                     .example = "{email: INPUT.email}",
                                     .default_text = "{}"},
                                    in_settings(&t::input), {})},
                      [](s& draft, const section_view& view, reader&) {
                        if (!view.given("input"))
                          draft.settings.input =
                              value_template::constant(json::object());
                      }));
}

} // namespace

std::vector<task_kind> plain_kinds() {
  return {set(), condition(), wait(), raise(), subflow()};
}

} // namespace mfo::taskflow
