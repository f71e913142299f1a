#pragma once

#include "node/command_action.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node taskflow …`: a file of this folder for each family of commands.
/// Both references must live until the command line is parsed.
void add_taskflow_command(CLI::App& app, command_action& chosen);

} // namespace mfo::node
