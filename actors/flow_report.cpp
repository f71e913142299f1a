#include "actors/flow_report.hpp"

#include "taskflow/task_config.hpp"
#include "telemetry/spans_of.hpp"

#include <fmt/format.h>

#include <utility>

namespace mfo::actors {

namespace {

using std::chrono::steady_clock;
using telemetry::trigger_result;

double milliseconds_of(steady_clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

} // namespace

flow_report::flow_report(const std::vector<taskflow::workflow_ptr>& workflows,
                         telemetry::observer observer)
  : observer_(std::move(observer)) {
  auto& metrics = observer_.metrics->taskflows();
  for (const auto& workflow : workflows) {
    for (const auto& flow : workflow->taskflows)
      flows_.emplace(&flow, metrics.add_flow(workflow->name, flow.id,
                                             taskflow::task_outcome_names));
    for (const auto& trigger : workflow->triggers)
      triggers_.emplace(&trigger,
                        metrics.add_trigger(workflow->name, trigger.id));
  }
  if (!workflows.empty())
    for (const auto& type : taskflow::type_names())
      types_.emplace(type, metrics.add_task_type(std::string{type},
                                                 taskflow::task_outcome_names));
}

void flow_report::met(const trigger_ref& trigger, trigger_result result,
                      std::string_view event_id, std::string_view why) {
  triggers_.at(&trigger.get())[static_cast<std::size_t>(result)]->Increment();
  if (result == trigger_result::started)
    return;
  auto& log = *observer_.log;
  const telemetry::log::fields fields{
      {"workflow", trigger.workflow->name},
      {"trigger", trigger.get().id},
      {"event_id", event_id},
      {"result", telemetry::trigger_results[static_cast<std::size_t>(result)]},
      {"detail", why}};
  if (result == trigger_result::filtered)
    log.debug("event passed over", fields);
  else
    log.warn("taskflow not started", fields);
}

void flow_report::began(const run_info& run) {
  ++runs_;
  observer_.log->debug("run began", {{"run", run.id},
                                     {"workflow", run.workflow->name},
                                     {"taskflow", run.flow().id},
                                     {"trigger", run.trigger},
                                     {"event_id", run.event_id}});
}

void flow_report::moment(const run_info& run,
                         const taskflow::task_moment& what) {
  using kind = taskflow::task_moment::kind;
  auto& log = *observer_.log;
  if (what.what == kind::began)
    return;
  if (what.what == kind::tried_again) {
    log.debug("task tried again", {{"run", run.id},
                                   {"task", what.path},
                                   {"type", what.type},
                                   {"attempts", what.attempts}});
    return;
  }
  const auto took = what.began == steady_clock::time_point{}
                        ? steady_clock::duration::zero()
                        : what.at - what.began;
  types_.at(what.type).ended(static_cast<std::size_t>(what.outcome), took);
  if (!log.enabled(config::log_level::debug))
    return;
  log.debug(
      "task ended",
      {{"run", run.id},
       {"task", what.path},
       {"type", what.type},
       {"outcome", taskflow::to_string(what.outcome)},
       {"attempts", what.attempts},
       {"took_ms", milliseconds_of(took)},
       {"error", what.error ? std::string_view{what.error->code} : ""},
       {"detail", what.error ? std::string_view{what.error->message} : ""}});
}

void flow_report::ended(const run_info& run, const taskflow::run& how,
                        steady_clock::duration took) {
  --runs_;
  flows_.at(&run.flow()).ended(static_cast<std::size_t>(how.outcome()), took);
  const auto& error = how.error();
  const auto none = std::string_view{};
  const telemetry::log::fields fields{
      {"run", run.id},
      {"workflow", run.workflow->name},
      {"taskflow", run.flow().id},
      {"trigger", run.trigger},
      {"event_id", run.event_id},
      {"outcome", taskflow::to_string(how.outcome())},
      {"took_ms", milliseconds_of(took)},
      {"task", error ? std::string_view{error->task} : none},
      {"error", error ? std::string_view{error->code} : none},
      {"detail", error ? std::string_view{error->message} : none}};
  if (how.outcome() == taskflow::task_outcome::succeeded)
    observer_.log->info("run ended", fields);
  else
    observer_.log->warn("run ended", fields);
}

std::string flow_report::place_of(const run_info& run,
                                  std::string_view path) const {
  return telemetry::traced_by(observer_.spans.get(), run.traceparent)
             ? telemetry::place_of_task(run.traceparent, run.id, path)
             : run.traceparent;
}

} // namespace mfo::actors
