#pragma once

#include "node/command_action.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `check` and `graph` of `mfo-node taskflow`: what needs files alone.
void add_file_commands(CLI::App& group, command_action& chosen);

} // namespace mfo::node
