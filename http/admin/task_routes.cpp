#include "http/admin/task_routes.hpp"

#include "config/units.hpp"
#include "http/admin/json_body.hpp"
#include "http/admin/problem.hpp"
#include "http/admin/query.hpp"
#include "http/admin/run_json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace mfo::http {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using telemetry::run_book;

answer not_found(std::string_view what) {
  return problem(404, fmt::format("There is no such {}.", what));
}

answer bad_request(std::string_view detail) {
  return problem(400, detail);
}

tl::expected<run_book::filter, std::string>
read_filter(std::string_view query) {
  using state = run_book::filter::state;
  const auto fields = read_query(
      query, {"state", "workflow", "taskflow", "outcome", "event_id", "limit"});
  if (!fields)
    return tl::unexpected{fields.error()};
  const auto value = [&](const char* name) {
    return value_in(*fields, name);
  };
  run_book::filter which;
  which.workflow = value("workflow");
  which.taskflow = value("taskflow");
  which.event_id = value("event_id");
  const auto outcome = word_in(*fields, "outcome", telemetry::run_outcomes);
  if (!outcome)
    return tl::unexpected{outcome.error()};
  which.outcome = *outcome;
  if (const auto wanted = value("state"); wanted == "running")
    which.is = state::running;
  else if (wanted == "ended")
    which.is = state::ended;
  else if (!wanted.empty())
    return tl::unexpected{std::string{"`state` is running or ended."}};
  const auto limit = limit_in(*fields, which.limit);
  if (!limit)
    return tl::unexpected{limit.error()};
  which.limit = *limit;
  return which;
}

/// How long the caller waits; nothing: not good.
std::optional<milliseconds> read_wait(const std::string& text) {
  const auto wait = config::parse_duration(text);
  if (!wait || *wait > manual_starts::longest_wait)
    return std::nullopt;
  return *wait;
}

answer refuse_answer(const core::answer_refusal& refusal) {
  using reason = core::answer_refusal::reason;
  switch (refusal.why) {
  case reason::unknown:
    break;
  case reason::not_a_choice:
    return problem(422, "The answer is none of the choices.",
                   {{"choices", refusal.choices}});
  case reason::too_long:
    return problem(422, fmt::format("The answer is longer than {} bytes.",
                                    core::question_desk::max_answer));
  }
  return problem(404, "There is no such question; it may have been answered, "
                      "or nobody waits for it any more.");
}

} // namespace

task_routes::task_routes(boost::asio::io_context& io, task_control control,
                         std::shared_ptr<telemetry::log> log)
  : control_(control), log_(std::move(log)), starts_(io, std::move(control)) {}

std::optional<answer> task_routes::handle(const admin_request& request,
                                          const admin_target& at,
                                          manual_starts::send_function later) {
  if (!request.reads())
    if (auto refusal = refuse_body(request))
      return refusal;
  const auto& values = at.values;
  switch (at.route->what) {
  case admin_path::runs:
    return list_runs(request);
  case admin_path::run:
    return show_run(values[0]);
  case admin_path::cancel_run:
    return cancel_run(request, values[0]);
  case admin_path::start_run:
    return start_run(request, values[0], values[1], std::move(later));
  case admin_path::questions:
    return list_questions();
  case admin_path::answer_question:
    return answer_question(request, values[0]);
  default:
    break;
  }
  return not_found("path");
}

answer task_routes::list_runs(const admin_request& request) const {
  const auto which = read_filter(request.query);
  if (!which)
    return bad_request(which.error());
  auto runs = json::array();
  for (const auto& each : control_.runs->list(*which))
    runs.push_back(to_json(each));
  return json_answer({{"runs", std::move(runs)}});
}

answer task_routes::show_run(std::string_view id) const {
  const auto run = control_.runs->find(id);
  return run ? json_answer(to_json_in_full(*run)) : not_found("run");
}

answer task_routes::cancel_run(const admin_request& request,
                               std::string_view id) const {
  const auto run = control_.runs->find(id);
  if (!run)
    return not_found("run");
  if (run->duration)
    return problem(409, fmt::format("The run has ended: {}.", run->outcome));
  log_->info("run cancelled by hand",
             {{"run", run->of.id}, {"peer", request.peer}});
  control_.cancel(run->of.id);
  return json_answer({{"run", run->of.id}, {"state", "cancelling"}}, 202);
}

std::optional<answer>
task_routes::start_run(const admin_request& request,
                       const std::string& workflow, const std::string& taskflow,
                       manual_starts::send_function later) {
  const auto fields = read_query(request.query, {"trigger", "wait"});
  if (!fields)
    return bad_request(fields.error());
  manual_start what{.workflow = workflow,
                    .taskflow = taskflow,
                    .trigger = {},
                    .input = std::string{request.body}};
  if (const auto at = fields->find("trigger"); at != fields->end())
    what.trigger = at->second;
  milliseconds wait{0};
  if (const auto at = fields->find("wait"); at != fields->end()) {
    const auto given = read_wait(at->second);
    if (!given)
      return bad_request("`wait` is a time as 30s, at most 10m.");
    wait = *given;
  }
  starts_.start(
      std::move(what), wait, std::move(later),
      [log = log_, workflow, taskflow, peer = request.peer](const auto& run) {
        if (run)
          log->info("run started by hand", {{"run", *run},
                                            {"workflow", workflow},
                                            {"taskflow", taskflow},
                                            {"peer", peer}});
        else
          log->warn("run not started by hand", {{"workflow", workflow},
                                                {"taskflow", taskflow},
                                                {"detail", run.error().detail},
                                                {"peer", peer}});
      });
  return std::nullopt;
}

answer task_routes::list_questions() const {
  auto questions = json::array();
  for (const auto& each : control_.questions->list())
    questions.push_back(to_json(each));
  return json_answer({{"questions", std::move(questions)}});
}

answer task_routes::answer_question(const admin_request& request,
                                    std::string_view id) const {
  const auto body = json::parse(request.body, nullptr, false);
  if (!body.is_object() || body.size() != 1 || !body.contains("answer") ||
      !body["answer"].is_string())
    return bad_request(R"(Send {"answer": "…"}.)");
  const auto done =
      control_.questions->answer(id, body["answer"].get<std::string>());
  if (!done)
    return refuse_answer(done.error());
  log_->info("question answered", {{"question", id}, {"peer", request.peer}});
  return json_answer({{"question", id}, {"state", "answered"}});
}

} // namespace mfo::http
