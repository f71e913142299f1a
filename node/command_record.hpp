#pragma once

#include "node/exit_status.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `mfo-node record ENDPOINT`: has a running node record requests, and makes
/// cases of `mfo-node test` of them. Both references must live until the
/// command line is parsed.
void add_record_command(CLI::App& app, exit_status& status);

} // namespace mfo::node
