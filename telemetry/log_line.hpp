#pragma once

#include "telemetry/log.hpp"

#include <string>
#include <string_view>

namespace mfo::telemetry {

/// {"time":…,"level":…,"message":…, then the fields}. Texts are escaped and cut
/// (telemetry/log_text.hpp).
std::string json_line(std::string_view time, config::log_level level,
                      std::string_view message, log::fields values);

/// time LEVEL message name=value …, coloured by level when asked for.
std::string text_line(std::string_view time, config::log_level level,
                      std::string_view message, log::fields values,
                      bool colour);

} // namespace mfo::telemetry
