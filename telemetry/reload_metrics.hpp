#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <chrono>

namespace mfo::telemetry {

/// How often the configuration was read again, and how it went. Thread-safe.
class reload_metrics {
public:
  /// The start, at this time since 1970, counts as gone well.
  reload_metrics(prometheus::Registry& registry, std::chrono::seconds now);

  void ended(bool well, std::chrono::seconds now);

private:
  prometheus::Counter* well_;
  prometheus::Counter* failed_;
  prometheus::Gauge* last_well_;
  prometheus::Gauge* last_success_;
};

} // namespace mfo::telemetry
