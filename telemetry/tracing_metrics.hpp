#pragma once

#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include <cstddef>

namespace mfo::telemetry {

/// What becomes of spans. Thread-safe.
class tracing_metrics {
public:
  explicit tracing_metrics(prometheus::Registry& registry);

  void exported(std::size_t spans);

  /// For want of room, or as the collector was not to be reached.
  void dropped(std::size_t spans);

  /// The collector does not want them.
  void refused(std::size_t spans);

private:
  prometheus::Counter* exported_;
  prometheus::Counter* dropped_;
  prometheus::Counter* refused_;
};

} // namespace mfo::telemetry
