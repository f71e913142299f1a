#pragma once

#include "core/errc.hpp"
#include "core/outcome.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace mfo::core {

inline constexpr std::string_view problem_media_type =
    "application/problem+json";

/// The answer to a refused event: RFC 9457 problem details with the event's
/// id. Made of the registry's fixed texts and, where there are any, of the
/// violations: as the extension member `violations`, a list of `pointer` and
/// `rule`.
std::string problem_json(errc code, std::string_view event_id,
                         std::span<const violation> violations = {});

/// The body of a 2xx: the event's id, and what has become of it: "completed",
/// "received" or "duplicate". In memory for `spare` bytes more.
std::string accepted_json(std::string_view event_id, std::string_view status,
                          std::size_t spare = 0);

} // namespace mfo::core
