#include "taskflow/load/workflow_schema.hpp"

#include "schema/table_schema.hpp"
#include "taskflow/load/tables.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace mfo::taskflow {

using config::key_spec;

namespace {

/// Keys stay in the order of the tables.
using tree = schema::ordered_json;
using schema::definition;
using schema::either;
using schema::list_of;
using schema::named;
using schema::scalar;

/// As config/label_field.hpp has it.
tree labels() {
  constexpr int most = 16;
  return {{"type", "object"},
          {"minProperties", 1},
          {"maxProperties", most},
          {"propertyNames", {{"pattern", "^[a-z0-9._/-]{1,64}$"}}},
          {"additionalProperties", scalar()}};
}

std::optional<tree> own_form(const key_spec& spec);

tree object_of(const std::vector<key_spec>& keys) {
  return schema::object_of(keys, own_form);
}

/// The words that other files do not have.
std::optional<tree> own_form(const key_spec& spec) {
  const std::string_view type = spec.type;
  if (type == "labels")
    return labels();
  if (type == "schema" || type == "map or path" || type == "map or expression")
    return tree{{"type", {"object", "string"}}};
  if (type == "list or expression")
    return tree{{"type", {"array", "string"}}};
  if (type == "tasks")
    return definition("block");
  if (type == "map of tasks")
    return named(definition("block"));
  if (type == "list of tasks")
    return list_of(definition("task"));
  if (type == "list of schemas")
    return list_of({{"type", "object"}, {"required", {"id"}}});
  if (type == "list of maps" && spec.key == "triggers")
    return list_of(definition("trigger"));
  if (type == "name or list of names")
    return either(scalar(), {{"type", "array"}, {"items", scalar()}});
  return std::nullopt;
}

/// What `config` is depends on `type`.
template <class Draft>
tree with_kinds(const std::vector<key_spec>& keys,
                const std::vector<config_kind<Draft>>& kinds) {
  auto made = object_of(keys);
  auto rules = tree::array();
  for (const auto& kind : kinds) {
    auto config = object_of(kind.keys);
    const bool needed = config.contains("required");
    config["description"] = kind.help;
    if (!needed)
      config["type"] = {"object", "null"};
    tree then{{"properties", {{"config", std::move(config)}}}};
    if (needed)
      then["required"] = {"config"};
    rules.push_back({{"if",
                      {{"properties", {{"type", {{"const", kind.name}}}}},
                       {"required", {"type"}}}},
                     {"then", std::move(then)}});
  }
  made["allOf"] = std::move(rules);
  return made;
}

} // namespace

std::string workflow_schema() {
  tree made{
      {"$schema", "http://json-schema.org/draft-07/schema#"},
      {"title", "A workflow"},
      {"$comment",
       "Generated from the tables in taskflow/load/. Change them, then "
       "run: ninja -C build/dev workflow-schema && build/dev/workflow-schema > "
       "schemas/workflow.schema.json"}};
  made.update(object_of(workflow_table().keys));
  const auto tasks = list_of(definition("task"));
  made["definitions"] = {
      {"trigger", with_kinds(trigger_table().keys, trigger_kinds())},
      {"task", with_kinds(task_table().keys, task_kinds())},
      {"block", either(tasks, object_of(block_table().keys))}};
  constexpr int indent = 2;
  return made.dump(indent) + "\n";
}

} // namespace mfo::taskflow
