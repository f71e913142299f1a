#pragma once

#include "node/exit_status.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node completion` and `mfo-node manual`: of all that `app` has when they
/// run.
void add_shell_commands(CLI::App& app, exit_status& status);

} // namespace mfo::node
