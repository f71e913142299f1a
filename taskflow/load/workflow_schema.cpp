#include "taskflow/load/workflow_schema.hpp"

#include "config/units.hpp"
#include "taskflow/load/tables.hpp"

#include <nlohmann/json.hpp>

#include <string_view>
#include <vector>

namespace mfo::taskflow {

using config::key_spec;

namespace {

/// Keys stay in the order of the tables.
using schema = nlohmann::ordered_json;

/// YAML makes numbers and booleans of texts that look like them; the reader
/// takes them as texts again.
schema scalar() {
  return {{"type", {"string", "number", "boolean"}}};
}

schema list_of(schema items) {
  return {{"type", "array"}, {"minItems", 1}, {"items", std::move(items)}};
}

schema either(schema one, schema other) {
  return {{"anyOf", {std::move(one), std::move(other)}}};
}

schema definition(std::string_view name) {
  return {{"$ref", "#/definitions/" + std::string(name)}};
}

/// Names are those that config::parse_id takes.
schema named(schema values) {
  return {{"type", "object"},
          {"minProperties", 1},
          {"propertyNames", {{"pattern", "^[a-z0-9_-]{1,64}$"}}},
          {"additionalProperties", std::move(values)}};
}

/// As config/label_field.hpp has it.
schema labels() {
  constexpr int most = 16;
  return {{"type", "object"},
          {"minProperties", 1},
          {"maxProperties", most},
          {"propertyNames", {{"pattern", "^[a-z0-9._/-]{1,64}$"}}},
          {"additionalProperties", scalar()}};
}

schema of(const key_spec& spec);

schema object_of(const std::vector<key_spec>& keys) {
  auto properties = schema::object();
  auto required = schema::array();
  for (const auto& each : keys) {
    properties[each.key] = of(each);
    if (each.required)
      required.push_back(each.key);
  }
  schema made{{"type", "object"}, {"additionalProperties", false}};
  if (!required.empty())
    made["required"] = std::move(required);
  made["properties"] = std::move(properties);
  return made;
}

schema word_of(std::string_view range) {
  constexpr std::string_view separator = ", ";
  if (range == "true, false")
    return {{"type", "boolean"}};
  auto words = schema::array();
  while (!range.empty()) {
    const auto end = range.find(separator);
    words.push_back(range.substr(0, end));
    range.remove_prefix(end == range.npos ? range.size()
                                          : end + separator.size());
  }
  return {{"enum", std::move(words)}};
}

schema integer_of(std::string_view range) {
  constexpr std::string_view separator = " to ";
  schema made{{"type", "integer"}};
  const auto split = range.find(separator);
  if (split == range.npos)
    return made;
  const auto low = config::parse_integer(range.substr(0, split));
  const auto high =
      config::parse_integer(range.substr(split + separator.size()));
  if (low && high) {
    made["minimum"] = *low;
    made["maximum"] = *high;
  }
  return made;
}

/// By the word that the reference has for the form of a value.
schema form_of(const key_spec& spec) {
  const std::string_view type = spec.type;
  if (type == "any value")
    return schema::object();
  if (type == "word")
    return word_of(spec.range);
  if (type == "integer")
    return integer_of(spec.range);
  if (type == "map")
    return spec.keys.empty() ? schema{{"type", {"object", "null"}}}
                             : object_of(spec.keys);
  if (type == "labels")
    return labels();
  if (type == "schema" || type == "map or path" || type == "map or expression")
    return {{"type", {"object", "string"}}};
  if (type == "list or expression")
    return {{"type", {"array", "string"}}};
  if (type == "tasks")
    return definition("block");
  if (type == "map of tasks")
    return named(definition("block"));
  if (type == "list of tasks")
    return list_of(definition("task"));
  if (type == "list of schemas")
    return list_of({{"type", "object"}, {"required", {"id"}}});
  if (type == "list of maps")
    return list_of(spec.key == "triggers" ? definition("trigger")
                                          : object_of(spec.keys));
  if (type == "map of maps")
    return named(object_of(spec.keys));
  if (type == "name or list of names")
    return either(scalar(), {{"type", "array"}, {"items", scalar()}});
  if (type.starts_with("list of "))
    return list_of(scalar());
  return spec.keys.empty() ? scalar() : either(scalar(), object_of(spec.keys));
}

schema of(const key_spec& spec) {
  schema made{{"description", spec.help}};
  if (!spec.default_text.empty())
    made["description"] = spec.help + " Default: " + spec.default_text + ".";
  made.update(form_of(spec));
  return made;
}

/// What `config` is depends on `type`.
template <class Draft>
schema with_kinds(const std::vector<key_spec>& keys,
                  const std::vector<config_kind<Draft>>& kinds) {
  auto made = object_of(keys);
  auto rules = schema::array();
  for (const auto& kind : kinds) {
    auto config = object_of(kind.keys);
    const bool needed = config.contains("required");
    config["description"] = kind.help;
    if (!needed)
      config["type"] = {"object", "null"};
    schema then{{"properties", {{"config", std::move(config)}}}};
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
  schema made{
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
