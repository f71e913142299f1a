#pragma once

#include "node/command_action.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node send`: posts a signed event, once or at a rate; `not_accepted`
/// unless every answer was a 2xx. Both references must live until the command
/// line is parsed.
void add_send_command(CLI::App& app, command_action& chosen);

} // namespace mfo::node
