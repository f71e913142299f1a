#pragma once

#include "node/exit_status.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node call`: the API of a configuration's server from the command line.
/// Both references must live until the command line is parsed.
void add_call_command(CLI::App& app, exit_status& status);

} // namespace mfo::node
