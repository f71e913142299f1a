#include "http/admin/view_routes.hpp"

#include "config/units.hpp"
#include "core/clocks.hpp"
#include "http/admin/history_json.hpp"
#include "http/admin/problem.hpp"
#include "http/admin/query.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>

namespace mfo::http {

namespace {

using std::chrono::minutes;
using telemetry::history;

answer ready_json(std::string text) {
  return {.status = 200, .body = std::move(text)};
}

} // namespace

view_routes::view_routes(view_control control) : control_(std::move(control)) {}

answer view_routes::handle(const admin_request& request,
                           const admin_target& at) const {
  if (at.route->what == admin_path::history)
    return show_history(request);
  switch (at.route->what) {
  case admin_path::config:
    return ready_json(control_.config());
  case admin_path::taskflows:
    return ready_json(control_.taskflows());
  default:
    break;
  }
  return ready_json(control_.overview());
}

answer view_routes::show_history(const admin_request& request) const {
  const auto fields = read_query(request.query, {"minutes"});
  if (!fields)
    return problem(400, fields.error());
  auto time = history::fine_time;
  if (const auto at = fields->find("minutes"); at != fields->end()) {
    const auto given = config::parse_integer(at->second);
    if (!given || *given < 1 ||
        *given > static_cast<std::uint64_t>(history::longest_time.count()))
      return problem(400, fmt::format("`minutes` is 1 to {}.",
                                      history::longest_time.count()));
    time = minutes{*given};
  }
  return json_answer(
      to_json(control_.history->last(time, core::now_by_clocks())));
}

} // namespace mfo::http
