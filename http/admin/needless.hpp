#pragma once

#include "http/admin/request.hpp"
#include "http/admin/routes.hpp"
#include "http/answer.hpp"

#include <optional>

namespace mfo::http {

/// Refuses a query, or a body that asks for a change, where the route takes
/// none, 400: who sends one means something by it.
[[nodiscard]] std::optional<answer>
refuse_needless(const admin_request& request, admin_path what);

} // namespace mfo::http
