#pragma once

#include "config/resolve.hpp"
#include "config/section.hpp"
#include "taskflow/load/draft.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// The tables of a workflow file: every key stands in one of them, with its
/// help, type and range. They drive reading, the schema for editors and the
/// reference.
namespace mfo::taskflow {

/// The word of a `type`, and the table of what `config` is then.
template <class Draft>
struct config_kind {
  std::string name;
  std::string help;
  std::vector<config::key_spec> keys;
  std::function<void(Draft&, const config::cursor&, config::reader&)> read;
};

using task_kind = config_kind<draft_task>;
using trigger_kind = config_kind<draft_trigger>;

/// In the order of `task_config`.
const std::vector<task_kind>& task_kinds();
const std::vector<trigger_kind>& trigger_kinds();

// The parts of the first.
std::vector<task_kind> server_kinds();
std::vector<task_kind> call_kinds();
std::vector<task_kind> plain_kinds();
std::vector<task_kind> block_kinds();

const config::section<draft_workflow>& workflow_table();
const config::section<draft_task>& task_table();
/// A block that is no list: its tasks and its output.
const config::section<draft_block>& block_table();
config::section<draft_trigger> trigger_table();
config::section<draft_flow> flow_table();
config::section<prompt_template> prompt_table();
/// Of the file of a prompt.
config::section<prompt_template> prompt_file_table();

/// A list of tasks, or a map of tasks and an output.
void read_block(draft_block& block, const config::cursor& at,
                config::reader& in);

/// The list alone.
void read_tasks(std::vector<draft_task>& tasks, const config::cursor& at,
                config::reader& in);

/// Reads `config` by the kind that `type` names. What the file does not have
/// is read as an empty map, so that the keys that it lacks are told.
template <class Draft>
void read_config(const std::vector<config_kind<Draft>>& kinds, Draft& draft,
                 const config::section_view& view, config::reader& in) {
  static const config::node nothing;
  for (const auto& kind : kinds)
    if (kind.name == draft.type) {
      const auto given = view.find("config");
      const auto& self = view.self();
      kind.read(draft,
                given ? *given
                      : config::cursor{&nothing, self.key_where,
                                       config::join_path(self.path, "config")},
                in);
    }
}

/// The word of a `type`; reports, and gives nothing, where there is none such.
template <class Draft>
std::string read_kind(const std::vector<config_kind<Draft>>& kinds,
                      const std::string& what, const config::cursor& at,
                      config::reader& in) {
  const auto word = in.read_text(at);
  if (!word)
    return {};
  config::referents known{{}, what};
  for (const auto& kind : kinds)
    known.names.push_back(kind.name);
  const auto count = in.problem_count();
  check_reference(known, *word, at, in);
  return in.problem_count() == count ? *word : std::string();
}

} // namespace mfo::taskflow
