#pragma once

#include "core/question_desk.hpp"
#include "http/task_control.hpp"
#include "telemetry/run_book.hpp"

#include <nlohmann/json.hpp>

/// Runs and questions as docs/reference/admin.md has them.
namespace mfo::http {

/// A line of the list of runs.
[[nodiscard]] nlohmann::json to_json(const telemetry::run_record& run);

/// The same with its tasks.
[[nodiscard]] nlohmann::json to_json_in_full(const telemetry::run_record& run);

[[nodiscard]] nlohmann::json to_json(const core::open_question& question);

/// The answer to whoever has waited for the end of a run.
[[nodiscard]] nlohmann::json to_json(const std::string& run,
                                     const run_end& end);

} // namespace mfo::http
