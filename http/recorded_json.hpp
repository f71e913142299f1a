#pragma once

#include "http/recorder.hpp"
#include "payload/redaction.hpp"

#include <nlohmann/json.hpp>

/// What leaves the process of requests that were recorded.
namespace mfo::http {

/// One request as docs/reference/admin.md has it, with what others are not to
/// see left out: what `rules` hide, the proof of who it is from, and bodies of
/// which nothing is known.
[[nodiscard]] nlohmann::json to_json(const recorded_request& request,
                                     const payload::redaction& rules);

} // namespace mfo::http
