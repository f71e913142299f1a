#pragma once

#include "config/reader.hpp"
#include "taskflow/load/draft.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <vector>

/// From what a file says to what it means: every name is looked up, and what
/// fits nothing is reported.
namespace mfo::taskflow {

/// For each node, where its edges lead.
using edge_list = std::vector<std::set<std::size_t>>;

/// One cycle for each knot of nodes that reach one another: the shortest one
/// through its first node, which stands at both ends.
[[nodiscard]] std::vector<std::vector<std::size_t>>
find_cycles(const edge_list& edges);

/// Compiles all jq expressions of the file at once. What those refer to that do
/// not compile, and the others of their values, is not looked up.
void compile_expressions(draft_workflow& file, config::reader& in);

/// Looks up what the tasks of a taskflow name, and what their expressions refer
/// to.
void link_tasks(draft_flow& flow, const draft_workflow& file,
                config::reader& in);

/// Reports what no run could get through: tasks that wait for themselves, and
/// tasks that never run. Requires: the tasks are linked.
void check_order_of_tasks(const draft_block& block, config::reader& in);

/// Reports taskflows that run themselves. Requires: the tasks are linked.
void check_recursion(const draft_workflow& file, config::reader& in);

/// Looks up what triggers name, and what several of them must not share.
void link_triggers(draft_workflow& file, config::reader& in);

/// Fills in the schemas that are named, and compiles those of inputs.
void link_schemas(draft_workflow& file, config::reader& in);

/// What the variables of a prompt are given by a chat.
void check_prompt(const prompt_use& use, const draft_workflow& file,
                  config::reader& in);

/// What is wrong with a JSON Schema, for config's reader.
[[nodiscard]] std::optional<config::payload_schema_problem>
flaw_of_schema(std::string_view text);

/// The index of the taskflow of that name; reports where there is none.
[[nodiscard]] std::optional<std::size_t>
find_taskflow(const name_at& name, const draft_workflow& file,
              config::reader& in);

/// Of a file in which everything is linked and nothing is wrong.
[[nodiscard]] workflow build_workflow(draft_workflow&& file);

} // namespace mfo::taskflow
