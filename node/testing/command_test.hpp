#pragma once

#include "node/command_action.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node test`: runs cases of a configuration through a node that calls
/// nobody.
void add_test_command(CLI::App& app, command_action& chosen);

} // namespace mfo::node
