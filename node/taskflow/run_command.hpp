#pragma once

#include "node/command_action.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `run` of `mfo-node taskflow`: one taskflow of a file, in this process.
void add_run_command_of_files(CLI::App& group, command_action& chosen);

} // namespace mfo::node
