#pragma once

#include "node/command.hpp"

#include "dead_letters/replay.hpp"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace mfo::node {

/// Delivers letters to the servers that a configuration file names, each letter
/// to its own, under its own id and trace, by the same connectors as a node;
/// and runs the taskflows that it was for (node/taskflow/trigger_replay.hpp),
/// with `answers` to their questions (TASK=TEXT). One letter may take as long
/// as the server's retry policy and the taskflows last.
tl::expected<dead_letters::deliver_function, command_failure>
connect_letters(const std::string& config_file,
                const std::vector<std::string>& answers);

} // namespace mfo::node
