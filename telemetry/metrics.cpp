#include "telemetry/metrics.hpp"

#include "telemetry/process_metrics.hpp"
#include "telemetry/version.hpp"

#include <prometheus/gauge.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <iterator>

namespace mfo::telemetry {

namespace {

constexpr std::array<std::string_view, 6> try_results{
    "2xx", "3xx", "4xx", "5xx", "timeout", "error"};

/// From a local server's millisecond to the longest sensible time-out.
const prometheus::Histogram::BucketBoundaries duration_buckets{
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
    0.25,   0.5,   1,      2.5,   5,    10,    30,   60};

template <class Metric>
prometheus::Family<Metric>& add_family(prometheus::Registry& registry,
                                       const metric_description& metric) {
  return prometheus::detail::Builder<Metric>{}
      .Name(std::string{metric.name})
      .Help(std::string{metric.help})
      .Register(registry);
}

std::vector<prometheus::MetricFamily>
read_depths(const core::stage_depths& depths) {
  auto family = make_family(queue_depth);
  for (std::size_t i = 0; i < core::stage_names.size(); ++i)
    add_sample(family, {{"stage", std::string{core::stage_names[i]}}},
               static_cast<double>(depths.depth(static_cast<core::stage>(i))));
  return {family};
}

} // namespace

try_result result_of_status(int status) noexcept {
  switch (status / 100) {
  case 2:
    return try_result::success;
  case 3:
    return try_result::redirect;
  case 4:
    return try_result::client_error;
  default:
    return try_result::server_error;
  }
}

metrics::metrics(const std::vector<std::string>& endpoint_ids)
  : events_(ledger::make(endpoint_ids)),
    depths_(std::make_shared<core::stage_depths>()) {
  auto& durations =
      add_family<prometheus::Histogram>(registry_, event_duration);
  event_duration_.push_back(
      &durations.Add({{"endpoint", "none"}}, duration_buckets));
  for (const auto& id : endpoint_ids)
    event_duration_.push_back(
        &durations.Add({{"endpoint", id}}, duration_buckets));
  auto& tries = add_family<prometheus::Histogram>(registry_, upstream_duration);
  for (const auto& result : try_results)
    upstream_duration_.push_back(
        &tries.Add({{"result", std::string{result}}}, duration_buckets));
  upstream_retries_ =
      &add_family<prometheus::Counter>(registry_, upstream_retries).Add({});
  actor_restarts_ = &add_family<prometheus::Counter>(registry_, actor_restarts);
  for (const auto& actor : core::stage_names)
    actor_restarts_->Add({{"actor", std::string{actor}}});
  add_family<prometheus::Gauge>(registry_, build_info)
      .Add({{"version", std::string{version}}, {"compiler", __VERSION__}})
      .Set(1);
  poll([depths = depths_] { return read_depths(*depths); });
  poll(read_process_metrics);
}

void metrics::event_answered(std::size_t endpoint, seconds took) {
  event_duration_[endpoint]->Observe(took.count());
}

void metrics::upstream_try(try_result result, seconds took, bool is_retry) {
  upstream_duration_[static_cast<std::size_t>(result)]->Observe(took.count());
  if (is_retry)
    upstream_retries_->Increment();
}

void metrics::actor_restarted(std::string_view actor) {
  actor_restarts_->Add({{"actor", std::string{actor}}}).Increment();
}

void metrics::poll(polled::reader read) {
  const std::lock_guard lock{mutex_};
  polled_.push_back(std::make_shared<polled>(std::move(read)));
}

std::string metrics::expose() const {
  auto families = events_->Collect();
  const auto append = [&families](std::vector<prometheus::MetricFamily> more) {
    families.insert(families.end(), std::make_move_iterator(more.begin()),
                    std::make_move_iterator(more.end()));
  };
  append(registry_.Collect());
  const std::lock_guard lock{mutex_};
  for (const auto& each : polled_)
    append(each->Collect());
  return prometheus::TextSerializer{}.Serialize(families);
}

} // namespace mfo::telemetry
