#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::core {

/// IMF-fixdate, the form of a date in HTTP (RFC 9110, section 5.6.7), e.g.
/// Sun, 06 Nov 1994 08:49:37 GMT.
std::string to_http_date(std::chrono::system_clock::time_point at);

/// The same, behind what is there.
void append_http_date(std::string& out,
                      std::chrono::system_clock::time_point at);

/// Reads a date in any of the three forms that a recipient must accept (RFC
/// 9110, section 5.6.7): IMF-fixdate, that of RFC 850, and asctime's. Nothing
/// for anything else: a name in other letters, a space too many, a day that
/// the month does not have. The weekday must be one, but need not be the
/// date's. A two-digit year is the latest that makes the date no more than 50
/// years later than `now`. A date beyond what the clock can hold is the
/// clock's first or last second; a leap second is the second after it.
std::optional<std::chrono::system_clock::time_point>
parse_http_date(std::string_view text,
                std::chrono::system_clock::time_point now);

} // namespace mfo::core
