#pragma once

#include "taskflow/definition.hpp"

#include <string>
#include <vector>

namespace mfo::node {

/// The answer to `GET /api/v1/taskflows`, a JSON object: what starts which
/// taskflow, and the graph of each. The ids of its nodes are the paths of tasks
/// as runs have them (telemetry::task_record), without the numbers of items and
/// turns.
[[nodiscard]] std::string
taskflows_json(const std::vector<taskflow::workflow_ptr>& workflows);

} // namespace mfo::node
