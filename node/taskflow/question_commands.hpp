#pragma once

#include "node/command_action.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `questions` and `answer` of `mfo-node taskflow`. `not_accepted` where the
/// node does not take the answer or is not reached.
void add_question_commands(CLI::App& group, command_action& chosen);

} // namespace mfo::node
