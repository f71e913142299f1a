#pragma once

#include "node/command_action.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node run` and `mfo-node check`. Both references must live until the
/// command line is parsed.
void add_run_command(CLI::App& app, command_action& chosen);
void add_check_command(CLI::App& app, command_action& chosen);

} // namespace mfo::node
