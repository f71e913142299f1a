#pragma once

#include "node/exit_status.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node health`: asks a node by its admin listener whether it takes
/// events, for what starts and stops nodes.
void add_health_command(CLI::App& app, exit_status& status);

} // namespace mfo::node
