#pragma once

#include <chrono>
#include <string_view>

namespace mfo::core {

/// The wait that a Retry-After field of whole seconds asks for (RFC 9110,
/// section 10.2.3), at most `cap`; zero for anything else.
std::chrono::milliseconds parse_retry_after(std::string_view value,
                                            std::chrono::milliseconds cap);

} // namespace mfo::core
