#include "http/admin/event_json.hpp"

#include "core/rfc3339.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace mfo::http {

namespace {

using nlohmann::json;
using std::chrono::microseconds;
using telemetry::event_record;
using telemetry::event_state;

constexpr int accepted = 202;

double in_ms(microseconds time) {
  return static_cast<double>(time.count()) / 1000.0;
}

void add_text(json& to, const char* name, std::string_view text) {
  if (!text.empty())
    to[name] = text;
}

/// What the sender was told; 0: nothing yet, there is none, or it was another
/// node's to say.
int answer_of(const event_record& event) {
  if (!event.source || !event.from.empty())
    return 0;
  if (event.acknowledged || event.state == event_state::delivered)
    return accepted;
  return event.reason ? core::describe(*event.reason).status : 0;
}

/// What came of the calls of the server.
void add_tries(json& to, const event_record& event) {
  if (event.attempts > 0)
    to["attempts"] = event.attempts;
  if (event.upstream_status > 0)
    to["upstream_status"] = event.upstream_status;
}

/// The steps of one event, as they come; and in order in the end.
class step_list {
public:
  json& add(std::string_view step, microseconds at) {
    return steps_.emplace_back(at, json{{"step", step}, {"at_ms", in_ms(at)}})
        .second;
  }

  json take() {
    std::ranges::stable_sort(steps_, {}, &std::pair<microseconds, json>::first);
    auto list = json::array();
    for (auto& each : steps_)
      list.push_back(std::move(each.second));
    return list;
  }

private:
  std::vector<std::pair<microseconds, json>> steps_;
};

void add_way(step_list& steps, const event_record& event) {
  add_text(steps.add("received", microseconds{0}), "from", event.from);
  if (event.verified)
    steps.add("verified", *event.verified);
  if (event.acknowledged)
    steps.add("acknowledged", *event.acknowledged);
  if (event.routed) {
    auto& step = steps.add("routed", *event.routed);
    if (event.to)
      add_text(step, "server", event.to->server);
    if (event.to && !event.to->triggers.empty())
      step["triggers"] = event.to->triggers;
  }
  for (const auto& each : event.visits)
    steps.add("placed", each.at)["node"] = each.node;
  if (event.sent) {
    auto& step = steps.add("sent", *event.sent);
    if (event.to)
      add_text(step, "server", event.to->server);
    add_tries(step, event);
  }
}

void add_end(step_list& steps, const event_record& event) {
  if (event.undelivered)
    steps.add("undelivered", *event.undelivered);
  if (!event.ended)
    return;
  auto& step = steps.add(to_string(event.state), *event.ended);
  if (event.reason)
    step["reason"] = core::describe(*event.reason).slug;
  add_text(step, "sink", event.sink);
}

} // namespace

json to_json(const event_record& event) {
  json value{{"id", event.id},
             {"endpoint", event.endpoint},
             {"received_at", core::to_rfc3339(event.received_unix)},
             {"size", event.size},
             {"outcome", to_string(event.state)}};
  add_text(value, "delivery_id", event.delivery_id);
  add_text(value, "type", event.type);
  add_text(value, "path", event.path);
  add_text(value, "from", event.from);
  if (event.source)
    value["source"] = event.source->to_string();
  if (event.generation > 0)
    value["generation"] = event.generation;
  if (event.stage)
    value["stage"] = core::to_string(*event.stage);
  if (event.reason)
    value["reason"] = core::describe(*event.reason).slug;
  add_text(value, "detail", event.detail);
  add_text(value, "sink", event.sink);
  if (const auto status = answer_of(event); status > 0)
    value["answer"] = status;
  add_tries(value, event);
  if (event.ended)
    value["duration_ms"] = in_ms(*event.ended);
  return value;
}

json to_json_in_full(const event_record& event,
                     const std::vector<telemetry::run_record>& runs) {
  step_list steps;
  add_way(steps, event);
  for (const auto& each : runs) {
    // The clock of runs has whole milliseconds; none starts before its event is
    // routed.
    const auto at =
        std::max<microseconds>(each.started_unix - event.received_unix,
                               event.routed.value_or(microseconds{0}));
    auto& step = steps.add("started", at);
    step["run"] = each.of.id;
    step["trigger"] = each.of.workflow + "/" + each.of.trigger;
  }
  add_end(steps, event);
  auto value = to_json(event);
  value["steps"] = steps.take();
  return value;
}

} // namespace mfo::http
