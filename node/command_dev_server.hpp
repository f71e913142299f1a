#pragma once

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node dev-server`: serves until SIGINT or SIGTERM, then 0; 1 where it
/// cannot listen. Both references must live until the command line is parsed.
void add_dev_server_command(CLI::App& app, int& exit_code);

} // namespace mfo::node
