#pragma once

#include "telemetry/event_record.hpp"
#include "telemetry/run_book.hpp"

#include <nlohmann/json.hpp>

#include <vector>

/// What the admin listener says of events: docs/reference/admin.md has it.
namespace mfo::http {

/// A line of the list of events.
[[nodiscard]] nlohmann::json to_json(const telemetry::event_record& event);

/// The same with its steps, the first one first. `runs` are those that the
/// event has started on this node.
[[nodiscard]] nlohmann::json
to_json_in_full(const telemetry::event_record& event,
                const std::vector<telemetry::run_record>& runs);

} // namespace mfo::http
