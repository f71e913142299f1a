#include "node/status.hpp"

#include "node/cluster_gauges.hpp"
#include "node/dependencies.hpp"
#include "node/gatherer.hpp"

#include "config/address.hpp"
#include "core/rfc3339.hpp"
#include "telemetry/metric_table.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace mfo::node {

namespace {

/// Failures in a row that make a server's health check fail.
constexpr std::uint64_t failing_after = 5;

using labels = gatherer::labels;

std::string written(std::chrono::steady_clock::time_point when) {
  const auto ago = std::chrono::steady_clock::now() - when;
  const auto unix_time = std::chrono::system_clock::now().time_since_epoch();
  return core::to_rfc3339(
      std::chrono::duration_cast<std::chrono::milliseconds>(unix_time - ago));
}

http::health_check
check_subscription(const telemetry::subscription_status& status) {
  const auto& what = status.what;
  const auto now = status.look(std::chrono::steady_clock::now());
  auto detail =
      now.last_error.empty() ? std::string{"not yet"} : now.last_error;
  if (now.active)
    detail = "since " + written(*now.since);
  return {fmt::format("subscription at {} to {} for {}", what.server,
                      what.event, what.endpoint),
          now.active, std::move(detail)};
}

/// A sample of a server's status.
template <class Value>
auto of_server(Value value) {
  return [value](const server_link& server) {
    return std::pair{labels{{"server", server.settings().name}},
                     value(*server.deps->status)};
  };
}

void gather_servers(const std::vector<server_link>& servers, gatherer& into) {
  using telemetry::server_status;
  into.each(telemetry::upstream_circuit, servers,
            of_server([](const server_status& status) {
              return static_cast<int>(status.circuit.load());
            }));
  into.each(telemetry::upstream_in_flight, servers,
            of_server([](const server_status& status) {
              return status.in_flight.load();
            }));
  into.each(telemetry::upstream_limit, servers,
            of_server([](const server_status& status) {
              return status.limit.load();
            }));
  into.each(telemetry::upstream_waiting, servers,
            of_server([](const server_status& status) {
              return status.waiting.load();
            }));
  auto& connections = into.family(telemetry::upstream_connections);
  for (const auto& server : servers) {
    const auto stats = server.deps->client->stats();
    const auto& name = server.settings().name;
    telemetry::add_sample(connections, {{"server", name}, {"state", "open"}},
                          static_cast<double>(stats.open));
    telemetry::add_sample(connections, {{"server", name}, {"state", "idle"}},
                          static_cast<double>(stats.idle));
  }
}

void gather_subscriptions(const std::vector<server_link>& servers,
                          gatherer& into) {
  auto& active = into.family(telemetry::subscription_active);
  const auto now = std::chrono::steady_clock::now();
  for (const auto& server : servers)
    for (const auto& each : server.deps->subscriptions)
      telemetry::add_sample(active,
                            {{"server", each->what.server},
                             {"event", each->what.event},
                             {"endpoint", each->what.endpoint}},
                            each->look(now).active ? 1 : 0);
}

void gather_sinks(const actors::letter_office* office, gatherer& into) {
  const auto sinks = office != nullptr
                         ? office->sinks()
                         : std::vector<dead_letters::sink_state>{};
  const auto of_sink = [](auto value) {
    return [value](const dead_letters::sink_state& sink) {
      return std::pair{labels{{"sink", sink.name}}, value(sink)};
    };
  };
  into.each(telemetry::dead_letters_written, sinks,
            of_sink([](const auto& sink) { return sink.written; }));
  into.each(telemetry::dead_letter_failures, sinks,
            of_sink([](const auto& sink) { return sink.failures; }));
  into.one(telemetry::dead_letters_waiting,
           office != nullptr ? static_cast<double>(office->waiting()) : 0);
}

double unix_seconds(std::chrono::steady_clock::time_point when) {
  const std::chrono::duration<double> ago =
      std::chrono::steady_clock::now() - when;
  const std::chrono::duration<double> now =
      std::chrono::system_clock::now().time_since_epoch();
  return (now - ago).count();
}

double in_seconds(std::chrono::duration<double> time) {
  return time.count();
}

/// A sample for each of `all` of which the value is known.
template <class Items, class Labels, class Value>
void each_known(gatherer& into, const telemetry::metric_description& what,
                const Items& all, Labels labels_of, Value value_of) {
  auto& family = into.family(what);
  for (const auto& each : all)
    if (const std::optional<double> value = value_of(each))
      telemetry::add_sample(family, labels_of(each), *value);
}

void gather_dependencies(const std::vector<http::dependency>& all,
                         gatherer& into) {
  const auto labels_of = [](const http::dependency& one) {
    return labels{{"kind", std::string{one.kind}}, {"name", one.name}};
  };
  const auto known = [&](const auto& what, auto value) {
    each_known(into, what, all, labels_of, value);
  };
  using optional = std::optional<double>;
  known(telemetry::dependency_up,
        [](const auto& one) { return optional{one.up ? 1 : 0}; });
  known(telemetry::dependency_last_success, [](const auto& one) {
    return one.last_success ? optional{unix_seconds(*one.last_success)}
                            : std::nullopt;
  });
  known(telemetry::dependency_latency, [](const auto& one) {
    return one.latency ? optional{in_seconds(*one.latency)} : std::nullopt;
  });
  known(telemetry::dependency_certificate_expiry, [](const auto& one) {
    return one.certificate_end
               ? optional{in_seconds(one.certificate_end->time_since_epoch())}
               : std::nullopt;
  });
}

void gather_sources(const std::vector<http::source>& all, gatherer& into) {
  const auto labels_of = [](const http::source& one) {
    return labels{{"endpoint", one.endpoint}};
  };
  const auto known = [&](const auto& what, auto value) {
    each_known(into, what, all, labels_of, value);
  };
  using optional = std::optional<double>;
  known(telemetry::source_last_event, [](const auto& one) {
    return one.last_event ? optional{unix_seconds(*one.last_event)}
                          : std::nullopt;
  });
  known(telemetry::source_patience, [](const auto& one) {
    return one.patience ? optional{in_seconds(*one.patience)} : std::nullopt;
  });
  known(telemetry::source_silent,
        [](const auto& one) { return optional{one.silent ? 1 : 0}; });
}

/// Of all that there are: runs go on under the one that they began under.
void gather_flows(const generation_list& all, gatherer& into) {
  std::size_t runs = 0;
  std::size_t asked = 0;
  outbound::caller_stats calls;
  for (const auto& each : all) {
    runs += each->flows->report()->runs();
    asked += each->flows->report()->calls();
    const auto mine = each->flows->caller().stats();
    calls.in_flight += mine.in_flight;
    calls.waiting += mine.waiting;
  }
  into.one(telemetry::taskflow_runs_in_progress, static_cast<double>(runs));
  into.one(telemetry::taskflow_calls_in_progress, static_cast<double>(asked));
  into.one(telemetry::http_calls_in_flight,
           static_cast<double>(calls.in_flight));
  into.one(telemetry::http_calls_waiting, static_cast<double>(calls.waiting));
}

} // namespace

http::health_check check_server(const server_link& server) {
  const auto now = server.deps->health->look();
  const auto circuit = server.deps->status->circuit.load();
  const bool good = circuit != core::breaker_state::open && !now.gone &&
                    !now.out_of_reach &&
                    now.consecutive_failures < failing_after;
  auto detail = !now.last_error.empty() ? now.last_error
                : now.last_success      ? "no error since the last success"
                                        : "no call yet";
  if (circuit != core::breaker_state::closed)
    detail = fmt::format("circuit {}: {}", core::to_string(circuit), detail);
  return {"server " + server.settings().name, good, std::move(detail)};
}

std::vector<http::health_check> health_checks(const status_parts& parts) {
  const auto& now = *parts.in_force;
  const auto most = now.settings.limits.max_in_flight;
  const auto events = parts.admission.events();
  std::vector<http::health_check> checks{
      {"listener", true,
       config::format_listen_address(
           {now.settings.listen.host, parts.listener.port()})}};
  for (const auto& each : now.servers)
    checks.push_back(check_server(each));
  for (const auto& server : now.servers)
    for (const auto& each : server.deps->subscriptions)
      checks.push_back(check_subscription(*each));
  if (const auto& office = now.letters->office)
    for (const auto& sink : office->sinks())
      checks.push_back({"dead letters to " + sink.name, sink.up,
                        sink.up ? "it takes them" : sink.last_error});
  if (parts.cluster != nullptr)
    checks.push_back(check_cluster(*parts.cluster));
  constexpr std::size_t kib = 1024;
  const auto most_bytes = now.settings.limits.max_bytes_in_flight;
  const auto bytes = parts.admission.bytes();
  checks.push_back({"room", events < most && bytes < most_bytes,
                    fmt::format("{} of {} events, {} of {} KiB in flight",
                                events, most, bytes / kib, most_bytes / kib)});
  return checks;
}

std::vector<prometheus::MetricFamily> gauges(const status_parts& parts) {
  gatherer into;
  into.one(telemetry::bytes_in_flight,
           static_cast<double>(parts.admission.bytes()));
  into.one(telemetry::events_in_line, static_cast<double>(parts.in_line));
  into.one(telemetry::http_connections,
           static_cast<double>(parts.listener.connections()));
  into.one(telemetry::http_connections_dropped,
           static_cast<double>(parts.listener.dropped_connections()));
  into.one(telemetry::http_accept_failures,
           static_cast<double>(parts.listener.accept_failures()));
  into.one(telemetry::http_requests_cut_off,
           static_cast<double>(parts.listener.requests_cut_off()));
  into.one(telemetry::log_lines_dropped,
           static_cast<double>(parts.log.lines_dropped()));
  gather_flows(parts.all, into);
  gather_servers(parts.in_force->servers, into);
  gather_subscriptions(parts.in_force->servers, into);
  gather_sinks(parts.in_force->letters->office.get(), into);
  gather_dependencies(dependencies(parts), into);
  gather_sources(parts.sources, into);
  into.one(telemetry::config_generation,
           static_cast<double>(parts.in_force->number));
  into.one(telemetry::config_generations_in_use,
           static_cast<double>(parts.all.size()));
  if (parts.cluster != nullptr)
    gather_cluster(*parts.cluster, into);
  return into.take();
}

} // namespace mfo::node
