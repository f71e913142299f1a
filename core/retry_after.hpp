#pragma once

#include <chrono>
#include <string_view>

namespace mfo::core {

/// The wait that a Retry-After field asks for (RFC 9110, section 10.2.3):
/// whole seconds or a date, seen from `now`; also a fraction of seconds, which
/// no standard knows and some servers send. At most `cap`, also for a number
/// that no integer holds; rounded up to milliseconds, so that nobody comes too
/// early. Zero, as if there were no field, for a date in the past and for
/// anything else. Spaces and tabs around the value do not count.
std::chrono::milliseconds
parse_retry_after(std::string_view value,
                  std::chrono::system_clock::time_point now,
                  std::chrono::milliseconds cap);

} // namespace mfo::core
