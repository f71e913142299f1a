#pragma once

#include "http/admin/request.hpp"
#include "http/answer.hpp"

#include <cstddef>
#include <optional>

namespace mfo::http {

/// The body of a request, bytes.
inline constexpr std::size_t max_json_body = 1024 * 1024;

/// What is wrong with the body as JSON; nothing where it is empty.
[[nodiscard]] std::optional<answer> refuse_body(const admin_request& request);

} // namespace mfo::http
