#pragma once

#include "taskflow/expression/jq.hpp"

#include <string>
#include <vector>

namespace mfo::taskflow {

/// What libjq said of an expression that it cannot compile, for people: the
/// first message in a line, without what only makes sense in a shell, and what
/// to do about it.
[[nodiscard]] jq_program::problem
jq_problem_of(const std::vector<std::string>& messages);

} // namespace mfo::taskflow
