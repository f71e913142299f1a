#include "node/heap_metrics.hpp"

#include "node/heap.hpp"
#include "telemetry/exposition.hpp"

namespace mfo::node {

std::vector<prometheus::MetricFamily> read_heap_metrics() {
  const auto sizes = read_heap_sizes();
  if (!sizes)
    return {};
  std::vector<prometheus::MetricFamily> out{
      telemetry::make_family(telemetry::heap_allocated),
      telemetry::make_family(telemetry::heap_resident)};
  telemetry::add_sample(out[0], {}, static_cast<double>(sizes->allocated));
  telemetry::add_sample(out[1], {}, static_cast<double>(sizes->resident));
  return out;
}

} // namespace mfo::node
