#pragma once

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node send`: posts a signed event, once or at a rate; 0 if every answer
/// was a 2xx, 1 if not. Both references must live until the command line is
/// parsed.
void add_send_command(CLI::App& app, int& exit_code);

} // namespace mfo::node
