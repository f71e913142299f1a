#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::telemetry {

/// What came of an event at a trigger, as a label.
enum class trigger_result : std::uint8_t {
  started,
  filtered, ///< its filter does not want it
  failed,   ///< its filter or mapping gave an error
  refused,  ///< there was no room for another run
};

inline constexpr std::array<std::string_view, 4> trigger_results{
    "started", "filtered", "failed", "refused"};

/// Taskflows: their triggers, runs and tasks. Thread-safe.
class taskflow_metrics {
public:
  using seconds = std::chrono::duration<double>;

  explicit taskflow_metrics(prometheus::Registry& registry);

  /// Counters by what they are counted for, and a histogram; references stay
  /// good as long as the metrics.
  struct outcomes {
    std::vector<prometheus::Counter*> counts; ///< as the outcomes were given
    prometheus::Histogram* duration;

    void ended(std::size_t outcome, seconds took) const {
      counts[outcome]->Increment();
      duration->Observe(took.count());
    }
  };

  outcomes add_flow(const std::string& workflow, const std::string& taskflow,
                    std::span<const std::string_view> outcome_names);
  outcomes add_task_type(const std::string& type,
                         std::span<const std::string_view> outcome_names);

  using of_trigger = std::array<prometheus::Counter*, trigger_results.size()>;

  of_trigger add_trigger(const std::string& workflow,
                         const std::string& trigger);

private:
  prometheus::Family<prometheus::Counter>* runs_;
  prometheus::Family<prometheus::Histogram>* run_durations_;
  prometheus::Family<prometheus::Counter>* tasks_;
  prometheus::Family<prometheus::Histogram>* task_durations_;
  prometheus::Family<prometheus::Counter>* triggers_;
};

} // namespace mfo::telemetry
