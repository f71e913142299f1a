#pragma once

#include "node/exit_status.hpp"

#include <CLI/App.hpp>

#include <functional>
#include <utility>

namespace mfo::node {

/// What a command does, with the words that follow it. It needs nothing of what
/// read the command line, which is gone by then: a node would keep all commands
/// and their options for as long as it runs.
using command_action = std::function<exit_status()>;

/// Has `chosen` be `action` once the words of `command` are read, until when
/// both references must live.
inline void set_action(CLI::App& command, command_action& chosen,
                       command_action action) {
  command.callback([&chosen, action = std::move(action)] { chosen = action; });
}

} // namespace mfo::node
