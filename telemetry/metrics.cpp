#include "telemetry/metrics.hpp"

#include "core/clocks.hpp"
#include "telemetry/process_metrics.hpp"
#include "telemetry/registration.hpp"
#include "telemetry/version.hpp"

#include <prometheus/gauge.h>
#include <prometheus/text_serializer.h>

#include <cstdint>
#include <iterator>
#include <utility>

namespace mfo::telemetry {

namespace {

std::vector<prometheus::MetricFamily>
read_depths(const core::stage_depths& depths) {
  auto family = make_family(queue_depth);
  for (std::size_t i = 0; i < core::stage_names.size(); ++i)
    add_sample(family, {{"stage", std::string{core::stage_names[i]}}},
               static_cast<double>(depths.depth(static_cast<core::stage>(i))));
  return {family};
}

answer_counts counts_of(const prometheus::Histogram& of) {
  answer_counts counts;
  std::uint64_t below = 0;
  for (const auto& each : of.Collect().histogram.bucket) {
    counts.push_back(each.cumulative_count - below);
    below = each.cumulative_count;
  }
  return counts;
}

} // namespace

metrics::metrics(const std::vector<std::string>& endpoint_ids,
                 upstream_names servers)
  : upstream_(registry_, std::move(servers)), tls_(registry_),
    reloads_(registry_, core::unix_now()), taskflows_(registry_),
    http_calls_(registry_), tracing_(registry_), events_(ledger::make({})),
    depths_(std::make_shared<core::stage_depths>()) {
  event_durations_ =
      &add_family<prometheus::Histogram>(registry_, event_duration);
  add_endpoints({"none"});
  add_endpoints(endpoint_ids);
  admin_unauthorized_ =
      &add_family<prometheus::Counter>(registry_, telemetry::admin_unauthorized)
           .Add({});
  admin_streams_cut_off_ = &add_family<prometheus::Counter>(
                                registry_, telemetry::admin_streams_cut_off)
                                .Add({});
  actor_restarts_ = &add_family<prometheus::Counter>(registry_, actor_restarts);
  for (const auto& actor : core::stage_names)
    actor_restarts_->Add({{"actor", std::string{actor}}});
  add_family<prometheus::Gauge>(registry_, build_info)
      .Add({{"version", std::string{version}}, {"compiler", __VERSION__}})
      .Set(1);
  poll([depths = depths_] { return read_depths(*depths); });
  poll(read_process_metrics);
}

void metrics::add_endpoints(const std::vector<std::string>& ids) {
  for (const auto& id : ids) {
    auto& duration =
        event_durations_->Add({{"endpoint", id}}, duration_buckets);
    const std::lock_guard lock{mutex_};
    const auto index = events_->add(id);
    if (index == event_duration_.size())
      event_duration_.push_back(&duration);
  }
}

void metrics::event_answered(std::size_t endpoint, seconds took) {
  std::unique_lock lock{mutex_};
  auto* const duration = event_duration_[endpoint];
  lock.unlock();
  duration->Observe(took.count());
}

std::optional<answer_times>
metrics::answered_within(std::size_t endpoint) const {
  std::unique_lock lock{mutex_};
  const auto* const duration = event_duration_[endpoint];
  lock.unlock();
  return times_of(counts_of(*duration));
}

answer_counts metrics::answers() const {
  std::unique_lock lock{mutex_};
  const auto durations = event_duration_;
  lock.unlock();
  answer_counts all;
  for (const auto* each : durations)
    add(counts_of(*each), all);
  return all;
}

void metrics::admin_unauthorized() {
  admin_unauthorized_->Increment();
}

void metrics::admin_stream_cut_off() {
  admin_streams_cut_off_->Increment();
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
  std::unique_lock lock{mutex_};
  const auto polled = polled_;
  lock.unlock();
  for (const auto& each : polled)
    append(each->Collect());
  return prometheus::TextSerializer{}.Serialize(families);
}

} // namespace mfo::telemetry
