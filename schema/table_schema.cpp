#include "schema/table_schema.hpp"

#include "config/units.hpp"

#include <string>
#include <utility>

namespace mfo::schema {

using config::key_spec;

namespace {

ordered_json word_of(std::string_view range) {
  constexpr std::string_view separator = ", ";
  if (range == "true, false")
    return {{"type", "boolean"}};
  auto words = ordered_json::array();
  while (!range.empty()) {
    const auto end = range.find(separator);
    words.push_back(range.substr(0, end));
    range.remove_prefix(end == range.npos ? range.size()
                                          : end + separator.size());
  }
  return {{"enum", std::move(words)}};
}

ordered_json integer_of(std::string_view range) {
  constexpr std::string_view separator = " to ";
  ordered_json made{{"type", "integer"}};
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

ordered_json of(const key_spec& spec, const own_form& own);

/// By the word that the reference has for the form of a value.
ordered_json form_of(const key_spec& spec, const own_form& own) {
  if (auto form = own(spec))
    return *std::move(form);
  const std::string_view type = spec.type;
  if (type == "any value")
    return ordered_json::object();
  if (type == "word")
    return word_of(spec.range);
  if (type == "integer")
    return integer_of(spec.range);
  if (type == "map")
    return spec.keys.empty() ? ordered_json{{"type", {"object", "null"}}}
                             : object_of(spec.keys, own);
  if (type == "list of maps")
    return list_of(object_of(spec.keys, own));
  if (type == "map of maps")
    return named(object_of(spec.keys, own));
  if (type.starts_with("list of "))
    return list_of(scalar());
  return spec.keys.empty() ? scalar()
                           : either(scalar(), object_of(spec.keys, own));
}

ordered_json of(const key_spec& spec, const own_form& own) {
  ordered_json made{{"description", spec.help}};
  if (!spec.default_text.empty())
    made["description"] = spec.help + " Default: " + spec.default_text + ".";
  made.update(form_of(spec, own));
  return made;
}

} // namespace

ordered_json scalar() {
  return {{"type", {"string", "number", "boolean"}}};
}

ordered_json list_of(ordered_json items) {
  return {{"type", "array"}, {"minItems", 1}, {"items", std::move(items)}};
}

ordered_json either(ordered_json one, ordered_json other) {
  return {{"anyOf", {std::move(one), std::move(other)}}};
}

ordered_json definition(std::string_view name) {
  return {{"$ref", "#/definitions/" + std::string(name)}};
}

ordered_json named(ordered_json values) {
  return {{"type", "object"},
          {"minProperties", 1},
          {"propertyNames", {{"pattern", "^[a-z0-9_-]{1,64}$"}}},
          {"additionalProperties", std::move(values)}};
}

ordered_json object_of(const std::vector<key_spec>& keys, const own_form& own) {
  auto properties = ordered_json::object();
  auto required = ordered_json::array();
  for (const auto& each : keys) {
    properties[each.key] = of(each, own);
    if (each.required)
      required.push_back(each.key);
  }
  ordered_json made{{"type", "object"}, {"additionalProperties", false}};
  if (!required.empty())
    made["required"] = std::move(required);
  made["properties"] = std::move(properties);
  return made;
}

} // namespace mfo::schema
