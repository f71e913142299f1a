#pragma once

#include "node/command_action.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node status`: how a running node is, and what it sees of its cluster.
/// Both references must live until the command line is parsed.
void add_status_command(CLI::App& app, command_action& chosen);

/// `mfo-node drain NODE`: has a member of the cluster take no more work.
void add_drain_command(CLI::App& app, command_action& chosen);

} // namespace mfo::node
