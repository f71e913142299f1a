#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mfo::core {

/// The `traceparent` for our call to the server (W3C Trace Context, level 1).
/// Continues the trace of a valid `incoming` value with a new parent id; else
/// starts a trace. The random values must not all be zero.
std::string make_traceparent(std::string_view incoming, std::uint64_t span,
                             std::uint64_t trace_high, std::uint64_t trace_low);

} // namespace mfo::core
