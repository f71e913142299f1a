#pragma once

#include "actors/flow_observer.hpp"
#include "actors/route.hpp"
#include "taskflow/run/run.hpp"
#include "telemetry/observer.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mfo::actors {

/// What metrics and log are told of taskflows. The gauges may be read on any
/// thread, all else has one owner.
class flow_report final : public flow_observer {
public:
  flow_report(const std::vector<taskflow::workflow_ptr>& workflows,
              telemetry::observer observer);

  /// What came of an event at a trigger; `why` it has failed, or is refused.
  void met(const trigger_ref& trigger, telemetry::trigger_result result,
           std::string_view event_id, std::string_view why = {});

  void began(const run_info& run) override;
  void moment(const run_info& run, const taskflow::task_moment& what) override;
  void ended(const run_info& run, const taskflow::run& how,
             std::chrono::steady_clock::duration took) override;

  /// Of a task in the trace of its event, for the calls that it makes. Where
  /// nobody wants to see it, that of the event itself.
  [[nodiscard]] std::string place_of(const run_info& run,
                                     std::string_view path) const;

  void call_began() noexcept {
    ++calls_;
  }
  void call_ended() noexcept {
    --calls_;
  }

  [[nodiscard]] std::size_t runs() const noexcept {
    return runs_;
  }
  [[nodiscard]] std::size_t calls() const noexcept {
    return calls_;
  }

private:
  telemetry::observer observer_;
  std::unordered_map<const taskflow::flow*,
                     telemetry::taskflow_metrics::outcomes>
      flows_;
  std::map<std::string_view, telemetry::taskflow_metrics::outcomes> types_;
  std::unordered_map<const taskflow::trigger*,
                     telemetry::taskflow_metrics::of_trigger>
      triggers_;
  std::atomic<std::size_t> runs_{0};
  std::atomic<std::size_t> calls_{0};
};

} // namespace mfo::actors
