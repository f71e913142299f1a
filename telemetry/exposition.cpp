#include "telemetry/exposition.hpp"

namespace mfo::telemetry {

prometheus::MetricFamily make_family(const metric_description& metric) {
  prometheus::MetricFamily family;
  family.name = metric.name;
  family.help = metric.help;
  switch (metric.kind) {
  case metric_kind::counter:
    family.type = prometheus::MetricType::Counter;
    break;
  case metric_kind::gauge:
    family.type = prometheus::MetricType::Gauge;
    break;
  case metric_kind::histogram:
    family.type = prometheus::MetricType::Histogram;
    break;
  }
  return family;
}

void add_sample(prometheus::MetricFamily& family,
                std::vector<prometheus::ClientMetric::Label> labels,
                double value) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  if (family.type == prometheus::MetricType::Counter)
    metric.counter.value = value;
  else
    metric.gauge.value = value;
  family.metric.push_back(std::move(metric));
}

} // namespace mfo::telemetry
