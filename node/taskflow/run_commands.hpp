#pragma once

#include "node/command_action.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `runs`, `cancel` and `start` of `mfo-node taskflow`. `not_accepted` where
/// the node does not do it or is not reached, and where a run that was waited
/// for did not succeed.
void add_run_commands(CLI::App& group, command_action& chosen);

} // namespace mfo::node
