#pragma once

#include <chrono>
#include <string>

namespace mfo::core {

/// UTC with milliseconds (RFC 3339), e.g. 2026-11-24T07:53:48.001Z.
std::string to_rfc3339(std::chrono::milliseconds unix_time);

} // namespace mfo::core
