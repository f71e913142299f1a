#pragma once

#include <tl/expected.hpp>

#include <chrono>
#include <string>

namespace mfo::node {

/// A moment as it is typed, in milliseconds since 1970: RFC 3339, a date of it
/// (its first moment, UTC), or how long ago (`90m`, `7d`). The error says what
/// is expected.
[[nodiscard]] tl::expected<std::chrono::milliseconds, std::string>
parse_moment(const std::string& text, std::chrono::milliseconds now);

} // namespace mfo::node
