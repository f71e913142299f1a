#pragma once

#include "node/exit_status.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node test`: runs cases of a configuration through a node that calls
/// nobody.
void add_test_command(CLI::App& app, exit_status& status);

} // namespace mfo::node
