#pragma once

#include "node/command_action.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node doctor`: finds the common mistakes of a configuration and of what
/// is around the node. Both references must live until the command line is
/// parsed.
void add_doctor_command(CLI::App& app, command_action& chosen);

} // namespace mfo::node
