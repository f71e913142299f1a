#pragma once

#include "actors/outside.hpp"
#include "core/question_desk.hpp"
#include "outbound/http_caller.hpp"
#include "telemetry/observer.hpp"

#include <memory>

namespace mfo::actors {

/// Asks HTTP servers by a caller, and people by a desk; neither is null. What
/// comes of calls is counted and logged, of those that are kept from being made
/// at most `refusal_lines` lines a second.
[[nodiscard]] std::shared_ptr<outside>
make_outside(std::shared_ptr<outbound::http_caller> caller,
             std::shared_ptr<core::question_desk> desk,
             const telemetry::observer& observer, unsigned refusal_lines);

} // namespace mfo::actors
