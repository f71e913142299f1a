#include "http/admin/run_json.hpp"

#include "core/rfc3339.hpp"

namespace mfo::http {

namespace {

using nlohmann::json;

/// Milliseconds, with the microseconds behind the point.
double to_ms(std::chrono::microseconds time) {
  return static_cast<double>(time.count()) / 1000.0;
}

json to_json(const telemetry::run_problem& problem) {
  json value{{"code", problem.code}, {"message", problem.message}};
  if (!problem.task.empty())
    value["task"] = problem.task;
  return value;
}

/// What runs and tasks have in common.
template <class Record>
void add_end(json& to, const Record& from) {
  to["state"] = from.duration ? "ended" : "running";
  if (from.duration) {
    to["duration_ms"] = to_ms(*from.duration);
    to["outcome"] = from.outcome;
  }
  if (from.problem)
    to["error"] = to_json(*from.problem);
}

} // namespace

json to_json(const telemetry::run_record& run) {
  json value{{"id", run.of.id},
             {"workflow", run.of.workflow},
             {"taskflow", run.of.taskflow},
             {"trigger", run.of.trigger},
             {"event_id", run.of.event_id},
             {"started_at", core::to_rfc3339(run.started_unix)},
             {"tasks_total", run.tasks_total}};
  add_end(value, run);
  return value;
}

json to_json_in_full(const telemetry::run_record& run) {
  auto value = to_json(run);
  auto& tasks = value["tasks"] = json::array();
  for (const auto& each : run.tasks) {
    json task{{"path", each.path},
              {"type", each.type},
              {"began_ms", to_ms(each.began)},
              {"attempts", each.attempts}};
    add_end(task, each);
    tasks.push_back(std::move(task));
  }
  value["tasks_left_out"] = run.tasks_total - run.tasks.size();
  return value;
}

json to_json(const core::open_question& question) {
  const auto& what = question.what;
  json value{{"id", question.id},
             {"run", what.run},
             {"workflow", what.workflow},
             {"taskflow", what.taskflow},
             {"task", what.task},
             {"question", what.text},
             {"choices", what.choices},
             {"asked_at", core::to_rfc3339(what.asked_unix)}};
  if (what.until_unix)
    value["until"] = core::to_rfc3339(*what.until_unix);
  return value;
}

json to_json(const std::string& run, const run_end& end) {
  json value{{"run", run}, {"state", "ended"}, {"outcome", end.outcome}};
  if (!end.result.empty())
    value["result"] = json::parse(end.result, nullptr, false);
  if (value.contains("result") && value["result"].is_discarded())
    value.erase("result");
  if (end.problem)
    value["error"] = to_json(*end.problem);
  return value;
}

} // namespace mfo::http
