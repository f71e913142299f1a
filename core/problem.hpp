#pragma once

#include "core/errc.hpp"

#include <string>
#include <string_view>

namespace mfo::core {

inline constexpr std::string_view problem_media_type =
    "application/problem+json";

/// The answer to a refused event: RFC 9457 problem details with the event's
/// id. Made of the registry's fixed texts alone.
std::string problem_json(errc code, std::string_view event_id);

/// The answer to a delivered event: {"event_id":…,"status":"completed"}.
std::string completed_json(std::string_view event_id);

} // namespace mfo::core
