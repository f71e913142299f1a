#include "node/status.hpp"

#include "config/address.hpp"
#include "telemetry/exposition.hpp"
#include "telemetry/metric_table.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <utility>

namespace mfo::node {

namespace {

/// Failures in a row that make the server's health check fail.
constexpr std::uint64_t failing_after = 5;

} // namespace

std::vector<http::health_check> health_checks(const status_parts& parts) {
  const auto upstream = parts.upstream.look();
  const auto most = parts.settings.limits.max_in_flight;
  const auto events = parts.admission.events();
  return {
      {"listener", true,
       config::format_listen_address(
           {parts.settings.listen.host, parts.listener.port()})},
      {"server", upstream.consecutive_failures < failing_after,
       upstream.last_error.empty() ? "no error since the last success"
                                   : upstream.last_error},
      {"room", events < most,
       fmt::format("{} of {} events in flight", events, most)},
  };
}

std::vector<prometheus::MetricFamily> gauges(const status_parts& parts) {
  using labels = std::vector<prometheus::ClientMetric::Label>;
  std::vector<prometheus::MetricFamily> families;
  const auto add = [&](const auto& description) -> auto& {
    return families.emplace_back(telemetry::make_family(description));
  };
  const auto add_one = [&](const auto& description, auto value) {
    telemetry::add_sample(add(description), labels{},
                          static_cast<double>(value));
  };
  const auto client = parts.client.stats();
  add_one(telemetry::bytes_in_flight, parts.admission.bytes());
  add_one(telemetry::http_connections, parts.listener.connections());
  add_one(telemetry::upstream_waiting, client.waiting);
  add_one(telemetry::log_lines_dropped, parts.log.lines_dropped());
  auto& connections = add(telemetry::upstream_connections);
  telemetry::add_sample(connections, labels{{"state", "open"}},
                        static_cast<double>(client.open));
  telemetry::add_sample(connections, labels{{"state", "idle"}},
                        static_cast<double>(client.idle));
  return families;
}

} // namespace mfo::node
