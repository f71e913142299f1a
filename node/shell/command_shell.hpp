#pragma once

#include "node/command_action.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node completion` and `mfo-node manual`: of all that `app` has once the
/// command line is parsed.
void add_shell_commands(CLI::App& app, command_action& chosen);

} // namespace mfo::node
