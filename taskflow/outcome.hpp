#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mfo::taskflow {

/// How a task, a block or a run ended; the words are those of Argo Workflows
/// (https://argo-workflows.readthedocs.io/en/latest/fields/#nodestatus).
enum class task_outcome : std::uint8_t {
  succeeded,
  failed,    ///< what it called said no, or it was raised
  errored,   ///< it could not be carried out: no answer, a bound, an expression
  skipped,   ///< no condition selected it, or its `when` was false
  omitted,   ///< what it waits for did not end as it wants
  cancelled, ///< it was ended, or never begun, as nobody wanted it any more
};

inline constexpr std::array<std::string_view, 6> task_outcome_names{
    "Succeeded", "Failed", "Errored", "Skipped", "Omitted", "Cancelled"};

constexpr std::string_view to_string(task_outcome outcome) noexcept {
  return task_outcome_names[static_cast<std::size_t>(outcome)];
}

} // namespace mfo::taskflow
