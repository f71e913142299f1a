#pragma once

#include "node/exit_status.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node run` and `mfo-node check`. Both references must live until the
/// command line is parsed.
void add_run_command(CLI::App& app, exit_status& status);
void add_check_command(CLI::App& app, exit_status& status);

} // namespace mfo::node
