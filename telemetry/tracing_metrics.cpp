#include "telemetry/tracing_metrics.hpp"

#include "telemetry/metric_table.hpp"
#include "telemetry/registration.hpp"

namespace mfo::telemetry {

namespace {

void add_to(prometheus::Counter& in, std::size_t spans) {
  in.Increment(static_cast<double>(spans));
}

} // namespace

tracing_metrics::tracing_metrics(prometheus::Registry& registry) {
  auto& spans = add_family<prometheus::Counter>(registry, trace_spans);
  exported_ = &spans.Add({{"result", "exported"}});
  dropped_ = &spans.Add({{"result", "dropped"}});
  refused_ = &spans.Add({{"result", "refused"}});
}

void tracing_metrics::exported(std::size_t spans) {
  add_to(*exported_, spans);
}

void tracing_metrics::dropped(std::size_t spans) {
  add_to(*dropped_, spans);
}

void tracing_metrics::refused(std::size_t spans) {
  add_to(*refused_, spans);
}

} // namespace mfo::telemetry
