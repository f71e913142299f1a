#include "http/admin/event_routes.hpp"

#include "core/rfc3339.hpp"
#include "http/admin/event_json.hpp"
#include "http/admin/problem.hpp"
#include "http/admin/query.hpp"
#include "http/admin/run_json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace mfo::http {

namespace {

using nlohmann::json;
using telemetry::event_book;

/// What an event may have started, at most, of which all is shown.
constexpr std::size_t most_runs = 1'000;

bool is_reason(std::string_view word) {
  return std::ranges::find(core::all_errors(), word,
                           &core::errc_description::slug) !=
         core::all_errors().end();
}

tl::expected<event_book::filter, std::string>
read_event_filter(std::string_view query) {
  const auto fields = read_query(
      query, {"endpoint", "outcome", "reason", "q", "since", "until", "limit"});
  if (!fields)
    return tl::unexpected{fields.error()};
  const auto value = [&](const char* name) {
    return value_in(*fields, name);
  };
  event_book::filter which;
  which.endpoint = value("endpoint");
  which.reason = value("reason");
  which.prefix = value("q");
  const auto outcome = word_in(*fields, "outcome", telemetry::event_states);
  if (!outcome)
    return tl::unexpected{outcome.error()};
  which.outcome = *outcome;
  if (!which.reason.empty() && !is_reason(which.reason))
    return tl::unexpected{std::string{
        "`reason` is a word as bad_signature, which metrics and log have."}};
  for (const auto& [name, to] :
       {std::pair{"since", &which.since}, std::pair{"until", &which.until}}) {
    const auto text = value(name);
    if (text.empty())
      continue;
    const auto time = core::parse_rfc3339(text);
    if (!time)
      return tl::unexpected{
          fmt::format("`{}` is a time as 2026-11-24T07:53:48Z.", name)};
    *to = *time;
  }
  const auto limit = limit_in(*fields, which.limit);
  if (!limit)
    return tl::unexpected{limit.error()};
  which.limit = *limit;
  return which;
}

/// Of a delivery that came several times, the last that can have started a run
/// has.
std::vector<telemetry::run_record>
runs_of(const telemetry::event_record& event,
        const std::vector<telemetry::event_record_ptr>& newest_first,
        const std::vector<telemetry::run_record>& runs) {
  std::vector<telemetry::run_record> its;
  for (const auto& run : runs) {
    const auto starter =
        std::ranges::find_if(newest_first, [&](const auto& each) {
          return each->routed && each->received_unix <= run.started_unix;
        });
    if (starter != newest_first.end() && starter->get() == &event)
      its.push_back(run);
  }
  return its;
}

} // namespace

event_routes::event_routes(event_control control,
                           std::shared_ptr<const telemetry::run_book> runs)
  : control_(std::move(control)), runs_(std::move(runs)) {}

answer event_routes::handle(const admin_request& request,
                            const admin_target& at) const {
  if (at.route->what == admin_path::events)
    return list(request);
  if (at.route->what == admin_path::event)
    return show(at.values.front());
  return json_answer(json::parse(control_.endpoints()));
}

answer event_routes::list(const admin_request& request) const {
  const auto which = read_event_filter(request.query);
  if (!which)
    return problem(400, which.error());
  // One beyond shows whether there are more.
  auto and_one = *which;
  ++and_one.limit;
  auto found = control_.book->list(and_one);
  const bool more = found.size() > which->limit;
  found.resize(std::min(found.size(), which->limit));
  auto events = json::array();
  for (const auto& each : found)
    events.push_back(to_json(*each));
  return json_answer({{"events", std::move(events)}, {"more", more}});
}

answer event_routes::show(const std::string& id) const {
  std::vector<telemetry::run_record> runs;
  if (runs_)
    runs = runs_->list({.event_id = id, .limit = most_runs});
  // As they began.
  std::ranges::reverse(runs);
  const auto found = control_.book->find(id);
  if (found.empty() && runs.empty())
    return problem(404, "There is no such event, or it has been forgotten.");
  auto events = json::array();
  for (const auto& each : found)
    events.push_back(to_json_in_full(*each, runs_of(*each, found, runs)));
  auto in_full = json::array();
  for (const auto& each : runs)
    if (const auto whole = runs_->find(each.of.id))
      in_full.push_back(to_json_in_full(*whole));
  return json_answer({{"id", id},
                      {"events", std::move(events)},
                      {"runs", std::move(in_full)}});
}

} // namespace mfo::http
