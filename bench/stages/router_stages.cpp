// Where an event goes: its route, its turn, and what a taskflow costs that it
// starts.

#include "actors/trigger_view.hpp"
#include "bench/stages/fixtures.hpp"
#include "bench/stages/stage.hpp"
#include "core/event_lanes.hpp"
#include "taskflow/run/run.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mfo::bench {

namespace {

/// As many event triggers of other types, and at the end one that asks for the
/// event.
std::string triggers(std::size_t others, const std::string& filter) {
  std::string text = "workflow_name: w\ntriggers:\n";
  const auto add = [&](const std::string& id, const std::string& type) {
    text += "  - id: " + id + "\n    type: event\n    target_taskflow: main\n";
    text += "    config: {event_types: [\"" + type + "\"]}\n";
  };
  for (std::size_t i = 0; i < others; ++i)
    add("other" + std::to_string(i), "other" + std::to_string(i) + ".*.closed");
  add("wanted", "hook.*");
  if (!filter.empty())
    text += "    filter: '" + filter + "'\n";
  return text + "taskflows:\n- taskflow_id: main\n  tasks:\n"
                "    - {id: send, type: forward_event}\n";
}

struct routed {
  explicit routed(const std::vector<taskflow::workflow_ptr>& workflows)
    : table(workflows) {}

  actors::route_table table;
  core::event_ptr event = event_of(an_endpoint(), payload_of(1024));
};

step route_plain() {
  return
      [it = std::make_shared<routed>(std::vector<taskflow::workflow_ptr>{})] {
        return it->table.find(*it->event)->triggers.empty();
      };
}

/// Of ten event triggers one asks for the type.
step route_triggers() {
  return [it = std::make_shared<routed>(
              std::vector{workflow_of(triggers(9, {}))})] {
    return it->table.find(*it->event)->triggers.size() == 1;
  };
}

/// A trigger's filter, in jq, over the event's payload.
step route_filter() {
  struct parts {
    taskflow::workflow_ptr workflow =
        workflow_of(triggers(0, ".payload | length > 3"));
    core::event_ptr event = event_of(an_endpoint(), payload_of(1024));
  };
  return [it = std::make_shared<parts>()] {
    const auto met = actors::meet(it->workflow->triggers[0],
                                  actors::late_view_of(it->event));
    return met && *met;
  };
}

/// An event with an ordering key has its turn at once, and ends.
step lane() {
  struct item {
    core::event_ptr event;
  };
  struct parts {
    core::event_lanes<item> lanes;
    item one{[] {
      auto endpoint = *an_endpoint();
      endpoint.ordering_key.header = "X-Key";
      const auto settings =
          std::make_shared<const config::endpoint_settings>(endpoint);
      return core::make_event({.payload = "{}", .ordering_key = "customer-17"},
                              settings,
                              {.node_name = "node",
                               .depths = nullptr,
                               .random =
                                   [] {
                                     return std::uint64_t{42};
                                   }},
                              {signing_time, long_ago});
    }()};
  };
  return [it = std::make_shared<parts>()] {
    using verdict = core::event_lanes<item>::verdict;
    auto one = it->one;
    const auto when = it->lanes.add(one);
    return when == verdict::go && !it->lanes.ended(*it->one.event);
  };
}

/// A run of five tasks in a row, each answered at once.
step five_tasks() {
  std::string text = "workflow_name: w\ntaskflows:\n- taskflow_id: main\n"
                     "  tasks:\n";
  for (std::size_t i = 0; i < 5; ++i) {
    text += "  - {id: t" + std::to_string(i) +
            ", type: mfo_api_tool_execute, config: {tool_id: tool}";
    text += i > 0 ? ", depends_on: [t" + std::to_string(i - 1) + "]}\n" : "}\n";
  }
  struct parts {
    taskflow::workflow_ptr workflow;
    std::shared_ptr<const taskflow::json> null =
        std::make_shared<const taskflow::json>();
    taskflow::run::clock::time_point now{std::chrono::hours{1}};
  };
  return [it = std::make_shared<parts>(parts{workflow_of(text)})] {
    taskflow::run one{{.workflow = it->workflow,
                       .input = it->null,
                       .trigger = nullptr,
                       .uniform = [] {
                         return 0.5;
                       }}};
    one.start(it->now);
    for (auto actions = one.take_actions(); !actions.empty();
         actions = one.take_actions())
      for (const auto& action : actions)
        one.finished(action.id, it->null, it->now);
    return one.outcome() == taskflow::task_outcome::succeeded;
  };
}

} // namespace

std::vector<stage> router_stages() {
  return {{"route_plain", route_plain},
          {"route_triggers", route_triggers},
          {"route_filter", route_filter},
          {"lane", lane},
          {"five_tasks", five_tasks}};
}

} // namespace mfo::bench
