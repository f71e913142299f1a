#pragma once

#include "node/exit_status.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `check` and `graph` of `mfo-node taskflow`: what needs files alone.
void add_file_commands(CLI::App& group, exit_status& status);

} // namespace mfo::node
