#pragma once

#include <prometheus/metric_family.h>

#include <vector>

namespace mfo::node {

/// What the heap holds. Empty where the allocator keeps no books. Any thread.
std::vector<prometheus::MetricFamily> read_heap_metrics();

} // namespace mfo::node
