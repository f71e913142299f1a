#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::core {

/// UTC with milliseconds (RFC 3339), e.g. 2026-11-24T07:53:48.001Z.
std::string to_rfc3339(std::chrono::milliseconds unix_time);

/// The same, behind what is there.
void append_rfc3339(std::string& out, std::chrono::milliseconds unix_time);

/// Reads a date-time of RFC 3339, section 5.6: any offset, any number of
/// decimals, of which those behind the milliseconds are cut off. A leap second
/// is the first moment of the next minute.
std::optional<std::chrono::milliseconds> parse_rfc3339(std::string_view text);

} // namespace mfo::core
