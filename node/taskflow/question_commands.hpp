#pragma once

#include "node/exit_status.hpp"

#include <CLI/App.hpp>

namespace mfo::node {

/// `questions` and `answer` of `mfo-node taskflow`. `not_accepted` where the
/// node does not take the answer or is not reached.
void add_question_commands(CLI::App& group, exit_status& status);

} // namespace mfo::node
