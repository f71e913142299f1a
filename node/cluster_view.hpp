#pragma once

#include "cluster/hub/hub_report.hpp"
#include "config/settings.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace mfo::node {

/// The members as the hub sees them, for `GET /api/v1/cluster`: a JSON object,
/// as docs/reference/admin.md has it.
[[nodiscard]] std::string cluster_json(const config::settings& settings,
                                       const cluster::hub_report& report);

/// The same for people: a line, and a table.
[[nodiscard]] std::string cluster_table(const nlohmann::json& reply);

} // namespace mfo::node
