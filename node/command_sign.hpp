#pragma once

#include "node/command_action.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node sign`: prints the headers that prove a body, a line each, as
/// `curl -H @-` reads them. Both references must live until the command line is
/// parsed.
void add_sign_command(CLI::App& app, command_action& chosen);

} // namespace mfo::node
