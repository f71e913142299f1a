#pragma once

#include "config/settings.hpp"
#include "telemetry/log.hpp"

namespace mfo::node {

/// Writes a warning for each setting that lets in more than is usual, and that
/// may be meant so.
void warn_of_risks(const config::settings& settings, telemetry::log& log);

} // namespace mfo::node
