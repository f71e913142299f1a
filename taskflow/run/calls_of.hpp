#pragma once

#include "taskflow/call.hpp"
#include "taskflow/definition.hpp"
#include "taskflow/expression/scope.hpp"

#include <tl/expected.hpp>

#include <string>

namespace mfo::taskflow {

/// Why a task does not become a call.
struct call_problem {
  std::string code; ///< "expression" or "prompt"
  std::string message;
};

/// What a task asks of the world, its templates filled in from `in`. Where a
/// text is wanted, numbers, true and false are good as well.
///
/// A chat with a prompt of its own is told its `prompt_context` after it, a
/// line for each; one with a template has it filled in.
///
/// Requires: is_call(config).
[[nodiscard]] tl::expected<call_request, call_problem>
call_of(const task_config& config, const workflow& of, const scope& in);

} // namespace mfo::taskflow
