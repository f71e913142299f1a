#pragma once

#include "node/command_action.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node call`: the API of a configuration's server from the command line.
/// Both references must live until the command line is parsed.
void add_call_command(CLI::App& app, command_action& chosen);

} // namespace mfo::node
