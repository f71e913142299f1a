#pragma once

#include "node/command_action.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node reload`: has a running node read its configuration again. Both
/// references must live until the command line is parsed.
void add_reload_command(CLI::App& app, command_action& chosen);

} // namespace mfo::node
