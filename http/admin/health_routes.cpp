#include "http/admin/health_routes.hpp"

#include "http/admin/dependency_json.hpp"
#include "http/admin/problem.hpp"
#include "telemetry/version.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string_view>
#include <utility>

namespace mfo::http {

namespace {

using nlohmann::json;

constexpr std::string_view metrics_type{"text/plain; version=0.0.4"};

} // namespace

health_routes::health_routes(health_control control)
  : control_(std::move(control)), began_(std::chrono::steady_clock::now()) {}

answer health_routes::handle(const admin_target& at) const {
  switch (at.route->what) {
  case admin_path::live:
    return json_answer({{"status", "ok"}});
  case admin_path::ready:
    return ready();
  case admin_path::metrics:
    return {.status = 200,
            .media_type = metrics_type,
            .body = control_.metrics->expose()};
  default:
    break;
  }
  return health();
}

answer health_routes::health() const {
  const auto phase = control_.state->phase();
  json checks = json::object();
  bool good = true;
  for (const auto& each : control_.checks()) {
    good = good && each.ok;
    checks[each.name] = {{"status", each.ok ? "ok" : "failing"},
                         {"detail", each.detail}};
  }
  const bool is_ready = phase == node_phase::ready;
  const std::chrono::duration<double> up =
      std::chrono::steady_clock::now() - began_;
  json body{{"status", !is_ready ? "unavailable"
                       : good    ? "ok"
                                 : "degraded"},
            {"phase", to_string(phase)},
            {"version", telemetry::version},
            {"node", control_.node_name},
            {"instance", control_.instance},
            {"uptime_seconds", static_cast<std::int64_t>(up.count())},
            {"checks", checks}};
  const moment now{std::chrono::steady_clock::now(),
                   std::chrono::system_clock::now()};
  if (control_.dependencies)
    body["dependencies"] = to_json(control_.dependencies(), now);
  if (control_.sources)
    body["sources"] = to_json(control_.sources(), now);
  return json_answer(body, is_ready ? 200 : 503);
}

answer health_routes::ready() const {
  const auto phase = control_.state->phase();
  return json_answer({{"status", to_string(phase)}},
                     phase == node_phase::ready ? 200 : 503);
}

} // namespace mfo::http
