#pragma once

#include "node/command_action.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node health`: asks a node by its admin listener whether it takes
/// events, for what starts and stops nodes.
void add_health_command(CLI::App& app, command_action& chosen);

} // namespace mfo::node
