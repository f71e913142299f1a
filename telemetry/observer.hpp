#pragma once

#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"
#include "telemetry/refusal_lines.hpp"

#include <memory>

namespace mfo::telemetry {

/// Where a part of the node reports to. Copied freely; never null.
struct observer {
  std::shared_ptr<telemetry::metrics> metrics;
  std::shared_ptr<telemetry::log> log;
  std::shared_ptr<refusal_lines> refusals = std::make_shared<refusal_lines>(
      config::log_settings{}.refusals_per_second);
};

} // namespace mfo::telemetry
