#include "telemetry/taskflow_metrics.hpp"

#include "telemetry/registration.hpp"

namespace mfo::telemetry {

namespace {

using labels = prometheus::Labels;

std::vector<prometheus::Counter*>
by_outcome(prometheus::Family<prometheus::Counter>& family, labels of,
           std::span<const std::string_view> outcomes) {
  std::vector<prometheus::Counter*> counts;
  for (const auto& each : outcomes) {
    of["outcome"] = std::string{each};
    counts.push_back(&family.Add(of));
  }
  return counts;
}

} // namespace

taskflow_metrics::taskflow_metrics(prometheus::Registry& registry)
  : runs_(&add_family<prometheus::Counter>(registry, taskflow_runs)),
    run_durations_(
        &add_family<prometheus::Histogram>(registry, taskflow_run_duration)),
    tasks_(&add_family<prometheus::Counter>(registry, taskflow_tasks)),
    task_durations_(
        &add_family<prometheus::Histogram>(registry, taskflow_task_duration)),
    triggers_(&add_family<prometheus::Counter>(registry, taskflow_triggers)) {}

taskflow_metrics::outcomes
taskflow_metrics::add_flow(const std::string& workflow,
                           const std::string& taskflow,
                           std::span<const std::string_view> outcome_names) {
  const labels of{{"workflow", workflow}, {"taskflow", taskflow}};
  return {by_outcome(*runs_, of, outcome_names),
          &run_durations_->Add(of, duration_buckets)};
}

taskflow_metrics::outcomes taskflow_metrics::add_task_type(
    const std::string& type, std::span<const std::string_view> outcome_names) {
  const labels of{{"type", type}};
  return {by_outcome(*tasks_, of, outcome_names),
          &task_durations_->Add(of, duration_buckets)};
}

taskflow_metrics::of_trigger
taskflow_metrics::add_trigger(const std::string& workflow,
                              const std::string& trigger) {
  of_trigger result{};
  for (std::size_t i = 0; i < trigger_results.size(); ++i)
    result[i] = &triggers_->Add({{"workflow", workflow},
                                 {"trigger", trigger},
                                 {"result", std::string{trigger_results[i]}}});
  return result;
}

} // namespace mfo::telemetry
