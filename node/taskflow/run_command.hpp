#pragma once

#include "node/exit_status.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `run` of `mfo-node taskflow`: one taskflow of a file, in this process.
void add_run_command_of_files(CLI::App& group, exit_status& status);

} // namespace mfo::node
