#pragma once

#include "config/settings.hpp"
#include "taskflow/definition.hpp"
#include "telemetry/metrics.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace mfo::node {

/// The answer to `GET /api/v1/endpoints`: what events can come in by, those of
/// triggers included, and what has come. `settings` have all of them.
std::string endpoints_json(const config::settings& settings,
                           const std::vector<taskflow::workflow_ptr>& workflows,
                           const telemetry::metrics& metrics);

/// The same for people, of the answer.
std::string endpoint_table(const nlohmann::json& reply);

/// A line that says that none of the endpoints `known` is called `id`; "" where
/// one is.
[[nodiscard]] std::string
no_such_endpoint(const std::string& id, const std::vector<std::string>& known);

} // namespace mfo::node
