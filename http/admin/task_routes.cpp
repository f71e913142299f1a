#include "http/admin/task_routes.hpp"

#include "config/text.hpp"
#include "config/units.hpp"
#include "core/json_grammar.hpp"
#include "http/admin/problem.hpp"
#include "http/admin/query.hpp"
#include "http/admin/run_json.hpp"
#include "payload/media_type.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace mfo::http {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using telemetry::run_book;

/// How deep what is sent may be nested.
constexpr std::size_t max_depth = 128;
constexpr std::size_t most_listed = 10'000;

/// What is between the slashes of an absolute path.
std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    parts.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return parts;
}

answer not_found(std::string_view what) {
  return problem(404, fmt::format("There is no such {}.", what));
}

answer bad_request(std::string_view detail) {
  return problem(400, detail);
}

/// What is wrong with the body as JSON; nothing where it is empty.
std::optional<answer> refuse_body(const admin_request& request) {
  if (request.body.empty())
    return std::nullopt;
  if (request.body.size() > task_routes::max_body)
    return problem(413, "The body is larger than 1 MiB.");
  if (!payload::is_json(request.content_type))
    return problem(415, "Send Content-Type: application/json.");
  if (config::first_invalid_utf8(request.body) ||
      !core::is_json_text(request.body, max_depth))
    return bad_request("The body is not one JSON text in UTF-8, nested at most "
                       "128 deep.");
  return std::nullopt;
}

tl::expected<run_book::filter, std::string>
read_filter(std::string_view query) {
  using state = run_book::filter::state;
  const auto fields =
      read_query(query, {"state", "workflow", "taskflow", "outcome", "limit"});
  if (!fields)
    return tl::unexpected{fields.error()};
  const auto value = [&](const char* name) {
    const auto at = fields->find(name);
    return at == fields->end() ? std::string{} : at->second;
  };
  run_book::filter which;
  which.workflow = value("workflow");
  which.taskflow = value("taskflow");
  which.outcome = value("outcome");
  if (!which.outcome.empty() &&
      std::ranges::find(telemetry::run_outcomes, which.outcome) ==
          telemetry::run_outcomes.end())
    return tl::unexpected{fmt::format(
        "`outcome` is one of {}.", fmt::join(telemetry::run_outcomes, ", "))};
  if (const auto wanted = value("state"); wanted == "running")
    which.is = state::running;
  else if (wanted == "ended")
    which.is = state::ended;
  else if (!wanted.empty())
    return tl::unexpected{std::string{"`state` is running or ended."}};
  if (const auto text = value("limit"); !text.empty()) {
    const auto limit = config::parse_integer(text);
    if (!limit || *limit < 1 || *limit > most_listed)
      return tl::unexpected{fmt::format("`limit` is 1 to {}.", most_listed)};
    which.limit = *limit;
  }
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

bool task_routes::covers(std::string_view path) const {
  const auto parts = parts_of(path);
  if (!control_.runs || parts.empty())
    return false;
  const auto size = parts.size();
  if (parts[0] == "runs")
    return size < 3 || (size == 3 && parts[2] == "cancel");
  if (parts[0] == "questions")
    return size == 1 || (size == 3 && parts[2] == "answer");
  return parts[0] == "taskflows" && size == 4 && parts[3] == "runs";
}

std::optional<answer> task_routes::handle(const admin_request& request,
                                          manual_starts::send_function later) {
  const auto parts = parts_of(request.path);
  const bool reading = parts.size() < 3;
  if (reading && !request.reads())
    return wrong_method("GET, HEAD");
  if (!reading && request.method != "POST")
    return wrong_method("POST");
  if (!reading)
    if (auto refusal = refuse_body(request))
      return refusal;
  if (parts[0] == "taskflows")
    return start_run(request, parts[1], parts[2], std::move(later));
  if (parts[0] == "questions")
    return reading ? list_questions(request)
                   : answer_question(request, parts[1]);
  if (parts.size() == 1)
    return list_runs(request);
  return reading ? show_run(parts[1]) : cancel_run(request, parts[1]);
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
task_routes::start_run(const admin_request& request, std::string_view workflow,
                       std::string_view taskflow,
                       manual_starts::send_function later) {
  const auto fields = read_query(request.query, {"trigger", "wait"});
  if (!fields)
    return bad_request(fields.error());
  manual_start what{.workflow = std::string{workflow},
                    .taskflow = std::string{taskflow},
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
  log_->info(
      "run started by hand",
      {{"workflow", workflow}, {"taskflow", taskflow}, {"peer", request.peer}});
  starts_.start(std::move(what), wait, std::move(later));
  return std::nullopt;
}

answer task_routes::list_questions(const admin_request& request) const {
  if (const auto fields = read_query(request.query, {}); !fields)
    return bad_request("This takes no query.");
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
