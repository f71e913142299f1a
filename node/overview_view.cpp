#include "node/overview_view.hpp"

#include "config/address.hpp"
#include "config/redact.hpp"
#include "core/rfc3339.hpp"
#include "http/admin/problem.hpp"
#include "telemetry/version.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <utility>

namespace mfo::node {

namespace {

using nlohmann::json;

json totals_json(const telemetry::ledger::totals& totals) {
  return {{"received", totals.received},
          {"delivered", totals.delivered},
          {"refused", totals.refused},
          {"dead_lettered", totals.dead_lettered},
          {"handed_over", totals.handed_over},
          {"in_flight", totals.in_flight}};
}

json server_json(const server_link& server, const overview_parts& parts) {
  const auto& status = *server.deps->status;
  const since_watch::circuit circuit{server.settings().name, status.circuit};
  auto check = check_server(server);
  return {{"name", circuit.server},
          {"circuit", core::to_string(circuit.state)},
          {"circuit_since", core::to_rfc3339(parts.since.circuit_since(
                                circuit, parts.now.unix_time))},
          {"in_flight", status.in_flight.load()},
          {"limit", status.limit.load()},
          {"waiting", status.waiting.load()},
          {"up", check.ok},
          {"detail", std::move(check.detail)}};
}

json problems_json(const overview_parts& parts) {
  auto problems = json::array();
  for (auto& each : health_checks(parts.status))
    if (!each.ok)
      problems.push_back({{"what", each.name},
                          {"since", core::to_rfc3339(parts.since.failing_since(
                                        each.name, parts.now.unix_time))},
                          {"detail", std::move(each.detail)}});
  return problems;
}

std::string_view word_of(http::node_phase phase, const json& problems) {
  if (phase != http::node_phase::ready)
    return "unavailable";
  return problems.empty() ? "ok" : "degraded";
}

} // namespace

std::string overview_json(const overview_parts& parts) {
  const auto& in_force = *parts.status.in_force;
  auto problems = problems_json(parts);
  auto servers = json::array();
  for (const auto& each : in_force.servers)
    servers.push_back(server_json(each, parts));
  const auto& office = in_force.letters->office;
  const auto up =
      std::chrono::floor<std::chrono::seconds>(parts.now.steady - parts.began);
  json view{
      {"node", parts.node_name},
      {"version", telemetry::version},
      {"instance", parts.instance},
      {"status", word_of(parts.phase, problems)},
      {"phase", to_string(parts.phase)},
      {"at", core::to_rfc3339(parts.now.unix_time)},
      {"uptime_seconds", up.count()},
      {"generation", in_force.number},
      {"listen", config::format_listen_address({in_force.settings.listen.host,
                                                parts.status.listener.port()})},
      {"events", totals_json(parts.metrics.events()->snapshot())},
      {"servers", std::move(servers)},
      {"runs_in_progress", parts.books.runs->running()},
      {"questions", parts.books.questions->open()},
      {"dead_letters_waiting", office ? office->waiting() : 0},
      {"problems", std::move(problems)}};
  if (const auto times = parts.history.last_minute(parts.metrics.answers())) {
    const auto ms = [](telemetry::answer_times::seconds time) {
      return std::chrono::duration<double, std::milli>{time}.count();
    };
    view["answer_ms"] = {{"p50", ms(times->p50)},
                         {"p95", ms(times->p95)},
                         {"p99", ms(times->p99)}};
  }
  return http::json_text(view);
}

std::string config_json(const generation& in_force) {
  json view{{"generation", in_force.number},
            {"yaml", config::redacted_yaml(in_force.settings)}};
  if (!in_force.file.empty())
    view["file"] = in_force.file;
  return http::json_text(view);
}

std::vector<since_watch::circuit>
circuits(const std::vector<server_link>& servers) {
  std::vector<since_watch::circuit> all;
  for (const auto& each : servers)
    all.push_back({each.settings().name, each.deps->status->circuit});
  return all;
}

} // namespace mfo::node
