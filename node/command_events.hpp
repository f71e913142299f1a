#pragma once

#include "node/command_action.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node events [ID]`: the last events of a running node, or the story of
/// one. Both references must live until the command line is parsed.
void add_events_command(CLI::App& app, command_action& chosen);

/// `mfo-node endpoints`: where events come in, and what has come.
void add_endpoints_command(CLI::App& app, command_action& chosen);

} // namespace mfo::node
