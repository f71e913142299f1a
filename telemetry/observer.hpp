#pragma once

#include "telemetry/event_book.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"
#include "telemetry/refusal_lines.hpp"
#include "telemetry/span.hpp"

#include <memory>

namespace mfo::telemetry {

/// Where a part of the node reports to. Copied freely; never null, but for the
/// spans.
struct observer {
  std::shared_ptr<telemetry::metrics> metrics;
  std::shared_ptr<telemetry::log> log;
  std::shared_ptr<refusal_lines> refusals = std::make_shared<refusal_lines>(
      config::log_settings{}.refusals_per_second);
  std::shared_ptr<event_book> events = std::make_shared<event_book>();
  std::shared_ptr<span_sink> spans{}; ///< null: nobody wants any
};

} // namespace mfo::telemetry
