#pragma once

#include "node/command_action.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node dev-server`: serves until SIGINT or SIGTERM, then 0;
/// `cannot_start` where it cannot listen. Both references must live until the
/// command line is parsed.
void add_dev_server_command(CLI::App& app, command_action& chosen);

} // namespace mfo::node
