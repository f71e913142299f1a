#include "http/admin/reload_routes.hpp"

#include "core/rfc3339.hpp"
#include "http/admin/problem.hpp"

#include <utility>

namespace mfo::http {

namespace {

using nlohmann::json;

json to_json(const reload_report& report) {
  return {{"in_force", report.problems.empty()},
          {"generation", report.generation},
          {"reason", report.reason},
          {"at", core::to_rfc3339(report.at)},
          {"changed", report.changed},
          {"problems", report.problems}};
}

answer answer_to(const reload_report& report) {
  if (report.stopping) {
    auto value = problem(503, "The node stops.");
    value.retry_after = std::chrono::seconds{1};
    return value;
  }
  if (report.problems.empty())
    return json_answer(to_json(report));
  return problem(
      422,
      "The configuration is not in force; the former one stays. "
      "What is wrong is in problems, a line each.",
      {{"problems", report.problems}, {"generation", report.generation}});
}

} // namespace

reload_routes::reload_routes(boost::asio::io_context& io,
                             reload_control control)
  : control_(std::move(control)), gate_(std::make_shared<io_gate>(io)) {}

reload_routes::~reload_routes() {
  gate_->close();
}

std::optional<answer>
reload_routes::handle(const admin_request& request,
                      const manual_starts::send_function& later) {
  if (request.reads())
    return json_answer(to_json(control_.last()));
  if (request.method != "POST")
    return wrong_method("GET, HEAD, POST");
  control_.ask("asked for by " + request.peer,
               [gate = gate_, later](const reload_report& report) {
                 gate->pass([later, report] { later(answer_to(report)); });
               });
  return std::nullopt;
}

} // namespace mfo::http
