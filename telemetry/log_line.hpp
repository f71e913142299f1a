#pragma once

#include "telemetry/log.hpp"

#include <string>
#include <string_view>

namespace mfo::telemetry {

/// Bytes of a field's value that are shown; the rest is cut.
inline constexpr std::size_t max_logged_value = 512;

/// {"time":…,"level":…,"message":…, then the fields}.
std::string json_line(std::string_view time, config::log_level level,
                      std::string_view message, log::fields values);

/// time LEVEL message name=value …, coloured by level when asked for.
std::string text_line(std::string_view time, config::log_level level,
                      std::string_view message, log::fields values,
                      bool colour);

} // namespace mfo::telemetry
