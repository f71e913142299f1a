#pragma once

#include <nlohmann/json.hpp>

#include <string>

/// What `mfo-node events` shows people of what the admin listener answered.
namespace mfo::node {

/// The answer to `GET /api/v1/events`.
[[nodiscard]] std::string event_list(const nlohmann::json& reply);

/// The answer to `GET /api/v1/events/ID`: each time that the event came in, as
/// a timeline, and the runs that it started.
[[nodiscard]] std::string event_story(const nlohmann::json& reply);

} // namespace mfo::node
