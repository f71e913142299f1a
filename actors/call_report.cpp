#include "actors/call_report.hpp"

#include "api/operation.hpp"
#include "core/trace_context.hpp"
#include "telemetry/bounded.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mfo::actors {

namespace {

/// Whether it is this node that the server will not have, as a 401 says of any
/// call. A 403 says it where events are refused; of another call it may be that
/// call's own fault.
bool refuses_the_node(const server_call& call, const try_judgement& verdict) {
  constexpr int forbidden = 403;
  const auto what = call.operation();
  return verdict.kind == core::reply_class::unauthorized ||
         (verdict.outcome.upstream_status == forbidden &&
          (what == api::operation::event ||
           what == api::operation::event_batch));
}

/// Without its query, which may hold what is not to be seen; and not longer
/// than what else is told, whatever a taskflow puts in its path.
std::string seen_url(const http::origin& server, std::string_view target) {
  constexpr std::size_t longest = 256;
  return telemetry::cut(server.url().append(target.substr(0, target.find('?'))),
                        longest);
}

} // namespace

call_report::call_report(const config::server_settings& server,
                         report_targets to)
  : name_(server.name), url_(server.url),
    origin_(http::parse_origin(server.url).value_or(http::origin{})),
    to_(std::move(to)) {}

void call_report::tried(const server_call& call, const try_judgement& verdict,
                        const http::client_result& result, steady_time now,
                        std::chrono::steady_clock::duration took,
                        unsigned number) {
  to_.observer.metrics->upstream().tried(
      to_.status->index, static_cast<std::size_t>(call.operation()),
      verdict.label, took, number > 1);
  if (verdict.kind == core::reply_class::gone)
    to_.health->gone(now, verdict.outcome.detail);
  else if (verdict.result == core::call_result::failed ||
           verdict.result == core::call_result::overloaded ||
           refuses_the_node(call, verdict))
    to_.health->failed(now, verdict.outcome.detail);
  else if (verdict.outcome.upstream_status != 0)
    // A refusal is the call's fault, not the server's.
    to_.health->succeeded(now, took);
  if (to_.observer.log->enabled(config::log_level::debug))
    log_try(call, verdict, result, number);
}

void call_report::log_try(const server_call& call, const try_judgement& verdict,
                          const http::client_result& result, unsigned number) {
  const auto request = call.request();
  const auto& time = result ? result->timing : result.error().timing;
  const auto ms = [](std::chrono::microseconds part) {
    return std::chrono::duration<double, std::milli>{part}.count();
  };
  to_.observer.log->debug(
      "try ended",
      {{"event_id", call.id()},
       {"server", name_},
       {"operation", api::to_string(call.operation())},
       {"weight", call.weight()},
       {"method", request.method},
       // A query may hold what is not for a log.
       {"url", url_ + request.target.substr(0, request.target.find('?'))},
       {"attempt", number},
       {"upstream_status", verdict.outcome.upstream_status},
       {"detail", verdict.outcome.detail},
       {"waiting_ms", ms(time.waiting)},
       {"dns_ms", ms(time.resolve)},
       {"connect_ms", ms(time.connect)},
       {"tls_ms", ms(time.tls)},
       {"first_byte_ms", ms(time.first_byte)},
       {"total_ms", ms(time.total)}});
}

bool call_report::traces(const server_call& call) const noexcept {
  return telemetry::traced_by(to_.observer.spans.get(), call.traceparent())
      .has_value();
}

void call_report::trace(const server_call& call, const try_judgement& verdict,
                        const ended_try& how) const {
  using std::chrono::duration_cast;
  using unix_time = telemetry::span::unix_time;
  auto place = core::parse_traceparent(call.traceparent());
  if (!place)
    return;
  const auto operation = api::to_string(call.operation());
  const auto request = call.request();
  const auto& outcome = verdict.outcome;
  telemetry::span made{.place = *place,
                       .parent = place->span,
                       .tracestate = std::string{call.tracestate()},
                       .name = "call " + std::string{operation},
                       .kind = telemetry::span_kind::client};
  made.place.span = how.span;
  made.end = duration_cast<unix_time>(how.at.time_since_epoch());
  made.start = made.end - duration_cast<unix_time>(how.took);
  auto& all = made.attributes;
  all = {{"http.request.method", request.method},
         {"server.address", origin_.host},
         {"server.port", std::int64_t{origin_.port}},
         {"url.full", seen_url(origin_, request.target)},
         {"mfo.server", name_},
         {"mfo.operation", std::string{operation}},
         {"mfo.call.id", std::string{call.id()}}};
  if (outcome.upstream_status != 0)
    all.emplace_back("http.response.status_code",
                     std::int64_t{outcome.upstream_status});
  if (how.number > 1)
    all.emplace_back("http.request.resend_count", std::int64_t{how.number} - 1);
  if (call.weight() > 1)
    all.emplace_back("mfo.batch.size",
                     static_cast<std::int64_t>(call.weight()));
  if (outcome.error) {
    made.failed = true;
    made.message = core::describe(*outcome.error).slug;
    all.emplace_back("error.type", made.message);
  }
  std::vector<telemetry::span> one;
  one.push_back(std::move(made));
  to_.observer.spans->take(std::move(one));
}

void call_report::refused(core::errc reason) {
  to_.observer.metrics->upstream().refused(to_.status->index, reason);
}

void call_report::changed(
    const std::optional<core::circuit_breaker::change>& change,
    std::string_view why) {
  if (!change)
    return;
  const auto write = change->to == core::breaker_state::open
                         ? &telemetry::log::warn
                         : &telemetry::log::info;
  auto& log = *to_.observer.log;
  (log.*write)("circuit " + std::string{core::to_string(change->to)},
               {{"server", name_},
                {"from", core::to_string(change->from)},
                {"detail", why}});
}

void call_report::logged_in(const std::string& failure, steady_time now) {
  auto& log = *to_.observer.log;
  if (failure.empty())
    log.info("logged in", {{"server", name_}});
  else
    log.warn("login failed", {{"server", name_}, {"detail", failure}});
  if (!failure.empty())
    to_.health->failed(now, "no login: " + failure);
}

void call_report::publish(const core::call_gate& gate, std::size_t held) {
  auto& status = *to_.status;
  status.circuit.store(gate.circuit(), std::memory_order_relaxed);
  status.in_flight.store(gate.in_flight(), std::memory_order_relaxed);
  status.waiting.store(held - gate.in_flight(), std::memory_order_relaxed);
  status.limit.store(gate.limit(), std::memory_order_relaxed);
}

} // namespace mfo::actors
