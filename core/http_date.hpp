#pragma once

#include <chrono>
#include <string>

namespace mfo::core {

/// IMF-fixdate, the form of a date in HTTP (RFC 9110, section 5.6.7), e.g.
/// Sun, 06 Nov 1994 08:49:37 GMT.
std::string to_http_date(std::chrono::system_clock::time_point at);

} // namespace mfo::core
