#pragma once

#include "telemetry/history.hpp"

#include <nlohmann/json.hpp>

namespace mfo::http {

/// The answer to `GET /api/v1/history`: a list for each number, with a value or
/// null for each step.
[[nodiscard]] nlohmann::json to_json(const telemetry::history::view& seen);

} // namespace mfo::http
