#pragma once

#include "node/command_action.hpp"

#include <CLI/App.hpp>

#include <chrono>
#include <functional>

namespace mfo::node {

/// The wall clock, in whole seconds, as certificates have it.
std::chrono::sys_seconds seconds_now();

/// `mfo-node cluster init-ca|issue|show`: makes the certificates by which the
/// nodes of a cluster know each other, and tells what is in some. `usage` for a
/// bad name, `cannot_start` where a file is in the way, missing or no good,
/// `no_input` where one that is to be shown cannot be. Both references must
/// live until the command line is parsed; `now` is the time.
void add_cluster_command(
    CLI::App& app, command_action& chosen,
    std::function<std::chrono::sys_seconds()> now = seconds_now);

} // namespace mfo::node
