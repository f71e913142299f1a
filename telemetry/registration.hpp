#pragma once

#include "telemetry/metric_table.hpp"

#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <string>

namespace mfo::telemetry {

/// From a local server's millisecond to the longest sensible time-out.
inline const prometheus::Histogram::BucketBoundaries duration_buckets{
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
    0.25,   0.5,   1,      2.5,   5,    10,    30,   60};

/// Registers a family as the table has it.
template <class Metric>
prometheus::Family<Metric>& add_family(prometheus::Registry& registry,
                                       const metric_description& metric) {
  return prometheus::detail::Builder<Metric>{}
      .Name(std::string{metric.name})
      .Help(std::string{metric.help})
      .Register(registry);
}

} // namespace mfo::telemetry
