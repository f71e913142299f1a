#pragma once

#include "node/command_action.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node record ENDPOINT`: has a running node record requests, and makes
/// cases of `mfo-node test` of them. Both references must live until the
/// command line is parsed.
void add_record_command(CLI::App& app, command_action& chosen);

} // namespace mfo::node
