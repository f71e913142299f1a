#include "node/flow_view.hpp"

#include "actors/route.hpp"
#include "http/admin/problem.hpp"
#include "taskflow/graph/picture.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string_view>
#include <utility>
#include <variant>

namespace mfo::node {

namespace {

using nlohmann::json;
using taskflow::picture;

struct add_trigger_config {
  json& to;
  const std::string& id; ///< that its events are counted by

  void operator()(const taskflow::webhook_trigger& webhook) const {
    to["type"] = "webhook";
    to["endpoint"] = id;
    to["path"] = webhook.endpoint.path;
  }

  void operator()(const taskflow::schedule_trigger& schedule) const {
    to["type"] = "schedule";
    to["cron"] = schedule.cron_expression;
    to["time_zone"] = schedule.time_zone;
  }

  void operator()(const taskflow::manual_trigger&) const {
    to["type"] = "manual";
  }

  void operator()(const taskflow::event_trigger& event) const {
    to["type"] = "event";
    to["events"] = event.types;
  }
};

json trigger_json(const actors::trigger_ref& of) {
  const auto& trigger = of.get();
  json value{{"id", trigger.id},
             {"enabled", trigger.enabled},
             {"taskflow", of.flow().id}};
  std::visit(add_trigger_config{value, of.id()}, trigger.config);
  return value;
}

std::string_view last_part(std::string_view id) {
  return id.substr(id.rfind('/') + 1);
}

/// What stands between the path of a task and those of the tasks inside it.
std::string_view before_inner(picture::kind what) {
  switch (what) {
  case picture::kind::for_each:
    return "/each/";
  case picture::kind::loop:
    return "/turn/";
  default:
    return "/";
  }
}

/// A box that is no task has the word for it.
std::string_view type_of(const picture::item& item) {
  switch (item.what) {
  case picture::kind::branch:
    return "branch";
  case picture::kind::tried:
    return "tasks";
  case picture::kind::rescue:
    return "catch";
  default:
    return item.task;
  }
}

/// The boxes and arrows of one taskflow.
class flow_graph {
public:
  flow_graph(const picture& of, const picture::item& flow) {
    for (const auto& each : flow.inside)
      add(each, "", "");
    for (const auto& each : of.edges)
      add(each);
  }

  json take() {
    return {{"nodes", std::move(nodes_)}, {"edges", std::move(edges_)}};
  }

private:
  void add(const picture::item& item, const std::string& parent,
           std::string_view before) {
    auto path = parent;
    path.append(before).append(last_part(item.id));
    json node{{"id", path}, {"type", type_of(item)}};
    if (item.task.empty())
      node["label"] = item.title;
    if (!parent.empty())
      node["parent"] = parent;
    nodes_.push_back(std::move(node));
    for (const auto& each : item.inside)
      add(each, path, before_inner(item.what));
    paths_.emplace(item.id, std::move(path));
  }

  void add(const picture::edge& edge) {
    const auto from = paths_.find(edge.from);
    const auto to = paths_.find(edge.to);
    // Those of triggers, and to other taskflows, are not of this graph.
    if (from == paths_.end() || to == paths_.end())
      return;
    json value{{"from", from->second},
               {"to", to->second},
               {"kind", edge.what == picture::arrow::waits ? "needs" : "case"}};
    std::string label;
    for (const auto& each : edge.labels)
      label.append(label.empty() ? "" : ", ").append(each);
    if (!label.empty())
      value["label"] = std::move(label);
    edges_.push_back(std::move(value));
  }

  json nodes_ = json::array();
  json edges_ = json::array();
  std::map<std::string_view, std::string> paths_; ///< by the ids of items
};

json workflow_json(const taskflow::workflow_ptr& workflow) {
  auto triggers = json::array();
  for (std::size_t i = 0; i < workflow->triggers.size(); ++i)
    triggers.push_back(trigger_json({workflow, i}));
  const auto drawn = taskflow::picture_of(*workflow);
  auto taskflows = json::array();
  for (const auto& each : drawn.items)
    if (each.what == picture::kind::flow)
      taskflows.push_back(
          {{"id", each.id}, {"graph", flow_graph{drawn, each}.take()}});
  json value{{"name", workflow->name},
             {"file", workflow->file},
             {"triggers", std::move(triggers)},
             {"taskflows", std::move(taskflows)}};
  if (!workflow->description.empty())
    value["description"] = workflow->description;
  return value;
}

} // namespace

std::string
taskflows_json(const std::vector<taskflow::workflow_ptr>& workflows) {
  auto all = json::array();
  for (const auto& each : workflows)
    all.push_back(workflow_json(each));
  return http::json_text({{"workflows", std::move(all)}});
}

} // namespace mfo::node
