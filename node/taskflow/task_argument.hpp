#pragma once

#include "node/command.hpp"
#include "taskflow/definition.hpp"

#include <CLI/App.hpp>
#include <tl/expected.hpp>

#include <map>
#include <string>
#include <utility>
#include <vector>

/// Options that say something of one task: TASK=…
namespace mfo::node {

/// The path of the task, and what is said of it.
tl::expected<std::pair<std::string, std::string>, command_failure>
split_by_task(const std::string& option, const std::string& text);

/// An error where the workflow has no task that could have this path.
tl::expected<void, command_failure> find_task(const taskflow::workflow& in,
                                              const std::string& option,
                                              const std::string& path);

/// --answer TASK=TEXT. `target` must live until the command line is parsed.
CLI::Option* add_answer_option(CLI::App& command,
                               std::vector<std::string>& target);

/// What it was given, by the path of the task.
tl::expected<std::map<std::string, std::string>, command_failure>
read_answers(const std::vector<std::string>& given);

} // namespace mfo::node
