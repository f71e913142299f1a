#pragma once

#include <prometheus/metric_family.h>

#include <vector>

namespace mfo::telemetry {

/// The standard process metrics, read from /proc/self (proc(5)). A value that
/// cannot be read is left out.
std::vector<prometheus::MetricFamily> read_process_metrics();

} // namespace mfo::telemetry
