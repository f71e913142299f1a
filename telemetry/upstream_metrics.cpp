#include "telemetry/upstream_metrics.hpp"

#include "telemetry/registration.hpp"

#include <algorithm>
#include <utility>

namespace mfo::telemetry {

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

upstream_metrics::upstream_metrics(prometheus::Registry& registry,
                                   upstream_names names)
  : operations_(std::move(names.operations)),
    durations_(&add_family<prometheus::Histogram>(registry, upstream_duration)),
    retries_(&add_family<prometheus::Counter>(registry, upstream_retries)),
    refused_(&add_family<prometheus::Counter>(registry, upstream_refused)) {
  for (const auto& each : names.servers)
    add(each);
}

std::size_t upstream_metrics::add(const std::string& server) {
  const std::lock_guard lock{mutex_};
  const auto found = std::ranges::find(servers_, server, &of_server::name);
  const auto index = static_cast<std::size_t>(found - servers_.begin());
  if (found == servers_.end())
    servers_.push_back({server, std::vector<of_operation>(operations_.size())});
  return index;
}

upstream_metrics::of_server& upstream_metrics::at(std::size_t server) {
  const std::lock_guard lock{mutex_};
  return servers_[server];
}

void upstream_metrics::tried(std::size_t server, std::size_t operation,
                             try_result result, seconds took, bool is_retry) {
  auto& of = at(server);
  const auto labels = [&] {
    return prometheus::Labels{
        {"server", of.name},
        {"operation", std::string{operations_[operation]}}};
  };
  auto& known = of.operations[operation];
  auto& duration = known.durations[static_cast<std::size_t>(result)];
  auto* histogram = duration.load(std::memory_order_acquire);
  if (histogram == nullptr) {
    // The family gives the same child to two who ask for it at once.
    auto all = labels();
    all["result"] = try_results[static_cast<std::size_t>(result)];
    histogram = &durations_->Add(all, duration_buckets);
    duration.store(histogram, std::memory_order_release);
  }
  histogram->Observe(took.count());
  if (!is_retry)
    return;
  auto* counter = known.retries.load(std::memory_order_acquire);
  if (counter == nullptr) {
    counter = &retries_->Add(labels());
    known.retries.store(counter, std::memory_order_release);
  }
  counter->Increment();
}

void upstream_metrics::refused(std::size_t server, core::errc reason) {
  refused_
      ->Add({{"server", at(server).name},
             {"reason", std::string{core::describe(reason).slug}}})
      .Increment();
}

} // namespace mfo::telemetry
