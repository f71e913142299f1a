#pragma once

#include "node/command.hpp"

#include "taskflow/definition.hpp"

#include <CLI/App.hpp>
#include <tl/expected.hpp>

#include <cstddef>
#include <string>

namespace mfo::node {

/// A workflow file of the command line, and perhaps one taskflow of it.
struct workflow_argument {
  std::string file;
  std::string taskflow; ///< its id; empty: not said
};

/// FILE and [TASKFLOW]. `target` must live until the command line is parsed.
void add_workflow_argument(CLI::App& command, workflow_argument& target);

/// The workflow, or every mistake in it.
tl::expected<taskflow::workflow_ptr, command_failure>
load_workflow(const workflow_argument& given);

/// The same where it is not going to run: without the secrets that are not to
/// be had here.
tl::expected<taskflow::workflow_ptr, command_failure>
look_at_workflow(const workflow_argument& given);

/// The index of the taskflow with this id; empty: of the only one.
tl::expected<std::size_t, command_failure>
find_taskflow(const taskflow::workflow& in, const std::string& id);

} // namespace mfo::node
