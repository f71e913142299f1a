#include "node/endpoint_view.hpp"

#include "node/json_cells.hpp"
#include "node/text_table.hpp"

#include "actors/route.hpp"
#include "api/json_body.hpp"
#include "config/text.hpp"
#include "core/printable.hpp"
#include "core/rfc3339.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <variant>

namespace mfo::node {

namespace {

using nlohmann::json;
using telemetry::ledger;

/// What starts the trigger.
struct kind_of {
  const char* operator()(const taskflow::webhook_trigger&) const {
    return "webhook";
  }
  const char* operator()(const taskflow::schedule_trigger&) const {
    return "schedule";
  }
  const char* operator()(const taskflow::manual_trigger&) const {
    return "manual";
  }
  const char* operator()(const taskflow::event_trigger&) const {
    return "event";
  }
};

void add_rate(json& to, const char* name, const config::rate_settings& rate) {
  if (rate.per_second > 0)
    to[name] = {{"per_second", rate.per_second}, {"burst", rate.burst}};
}

void add_totals(json& to, const ledger::endpoint_totals& totals) {
  to["received"] = totals.received;
  to["delivered"] = totals.delivered;
  to["refused"] = totals.refused;
  to["dead_lettered"] = totals.dead_lettered;
  to["handed_over"] = totals.handed_over;
  to["in_flight"] = totals.in_flight;
  if (totals.last_received.count() > 0)
    to["last_received_at"] = core::to_rfc3339(totals.last_received);
}

/// What its events start. Whose type is in a header, by the type that they have
/// without one.
std::vector<std::string>
started_by(const config::endpoint_settings& endpoint,
           const std::vector<actors::trigger_ref>& triggers) {
  std::vector<std::string> ids;
  for (const auto& each : actors::asking_for(triggers, endpoint.event_type))
    ids.push_back(each.id());
  return ids;
}

json endpoint_json(const config::endpoint_settings& endpoint,
                   const std::vector<actors::trigger_ref>& triggers,
                   const telemetry::metrics& metrics) {
  json value{{"id", endpoint.id},
             {"ack", config::to_string(endpoint.ack)},
             {"timeout_ms", endpoint.lifetime.count()}};
  if (!endpoint.path.empty()) {
    value["method"] = endpoint.method;
    value["path"] = endpoint.path;
    value["signature"] = config::to_string(endpoint.signature.scheme);
  }
  const auto own =
      std::ranges::find(triggers, endpoint.id, &actors::trigger_ref::id);
  if (own != triggers.end()) {
    value["trigger"] = std::visit(kind_of{}, own->get().config);
    value["triggers"] = json::array({endpoint.id});
  } else {
    value["server"] = endpoint.server;
    value["triggers"] = started_by(endpoint, triggers);
  }
  add_rate(value, "rate_limit", endpoint.access.rate_limit);
  add_rate(value, "rate_limit_per_address",
           endpoint.access.rate_limit_per_address);
  const auto index = metrics.events()->index_of(endpoint.id);
  add_totals(value, metrics.events()->snapshot(index));
  if (const auto times = metrics.answered_within(index)) {
    const auto ms = [](telemetry::metrics::seconds time) {
      return std::chrono::duration<double, std::milli>{time}.count();
    };
    value["answer_ms"] = {{"p50", ms(times->p50)},
                          {"p95", ms(times->p95)},
                          {"p99", ms(times->p99)}};
  }
  return value;
}

} // namespace

std::string endpoints_json(const config::settings& settings,
                           const std::vector<taskflow::workflow_ptr>& workflows,
                           const telemetry::metrics& metrics) {
  const auto triggers = actors::triggers_of(workflows);
  auto endpoints = json::array();
  for (const auto& each : settings.endpoints)
    endpoints.push_back(endpoint_json(each, triggers, metrics));
  json nowhere = json::object();
  add_totals(nowhere, metrics.events()->snapshot(ledger::no_endpoint));
  return json{{"endpoints", std::move(endpoints)},
              {"no_endpoint", std::move(nowhere)}}
      .dump();
}

std::string endpoint_table(const json& reply) {
  text_table table{{"ENDPOINT", "PATH", "SIGNATURE", "ACK", "TO", "RECEIVED",
                    "DELIVERED", "REFUSED", "DEAD", "IN FLIGHT", "P95",
                    "LAST"}};
  std::string out;
  for (const auto& each : list_in(reply, "endpoints")) {
    auto to = words_in(each, "triggers");
    if (const auto server = api::optional_text(each, "server"); !server.empty())
      to.insert(to.begin(), server);
    auto path = text_in(each, "path");
    if (path == "-")
      path = text_in(each, "trigger");
    else
      path = text_in(each, "method") + " " + path;
    const auto* times = api::find_member(each, "answer_ms");
    out += table.add(
        {text_in(each, "id"), std::move(path), text_in(each, "signature"),
         text_in(each, "ack"), fmt::format("{}", fmt::join(to, ", ")),
         text_in(each, "received"), text_in(each, "delivered"),
         text_in(each, "refused"), text_in(each, "dead_lettered"),
         text_in(each, "in_flight"), times ? time_in(*times, "p95") : "-",
         text_in(each, "last_received_at")});
  }
  out += table.finish();
  if (const auto* nowhere = api::find_member(reply, "no_endpoint");
      nowhere != nullptr && text_in(*nowhere, "received") != "0")
    out += fmt::format("{} requests reached no endpoint, the last at {}\n",
                       text_in(*nowhere, "received"),
                       text_in(*nowhere, "last_received_at"));
  return out.empty() ? "no endpoints\n" : out;
}

std::string no_such_endpoint(const std::string& id,
                             const std::vector<std::string>& known) {
  if (std::ranges::find(known, id) != known.end())
    return {};
  const auto meant = config::nearest(id, {known.begin(), known.end()});
  return fmt::format("no endpoint is called {}{}\n", core::printable(id),
                     meant ? fmt::format("; did you mean {}?", *meant) : "");
}

} // namespace mfo::node
