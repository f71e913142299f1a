#pragma once

#include "node/exit_status.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node events [ID]`: the last events of a running node, or the story of
/// one. Both references must live until the command line is parsed.
void add_events_command(CLI::App& app, exit_status& status);

/// `mfo-node endpoints`: where events come in, and what has come.
void add_endpoints_command(CLI::App& app, exit_status& status);

} // namespace mfo::node
