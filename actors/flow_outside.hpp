#pragma once

#include "actors/outside.hpp"
#include "core/question_desk.hpp"
#include "outbound/http_caller.hpp"

#include <memory>

namespace mfo::actors {

/// Asks HTTP servers by a caller, and people by a desk. Neither is null.
[[nodiscard]] std::shared_ptr<outside>
make_outside(std::shared_ptr<outbound::http_caller> caller,
             std::shared_ptr<core::question_desk> desk);

} // namespace mfo::actors
