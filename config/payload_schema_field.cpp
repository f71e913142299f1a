#include "config/payload_schema_field.hpp"

#include "config/file.hpp"
#include "config/load.hpp"
#include "config/yaml_json.hpp"

#include <fmt/format.h>
#include <yaml-cpp/emitter.h>

#include <string>
#include <utility>

namespace mfo::config {

namespace {

/// YAML takes JSON as it is, so what was made of a map becomes one again.
void emit(YAML::Emitter& out, const node& value) {
  switch (value.kind) {
  case node_kind::null:
    out << YAML::Null;
    break;
  case node_kind::scalar:
    if (value.quoted)
      out << YAML::DoubleQuoted;
    out << value.text;
    break;
  case node_kind::sequence:
    out << YAML::BeginSeq;
    for (const auto& item : value.items)
      emit(out, *item);
    out << YAML::EndSeq;
    break;
  case node_kind::map:
    out << YAML::BeginMap;
    for (const auto& entry : value.entries) {
      out << YAML::Key << YAML::DoubleQuoted << entry.key << YAML::Value;
      emit(out, *entry.value);
    }
    out << YAML::EndMap;
    break;
  }
}

std::string at_pointer(const std::string& pointer, const std::string& message) {
  return pointer.empty() ? message : fmt::format("at {}: {}", pointer, message);
}

} // namespace

void write_payload_schema(YAML::Emitter& out, const std::string& key,
                          const payload_schema_settings& value) {
  if (!value.file.empty()) {
    write_text(out, key, value.file);
  } else if (const auto schema = parse_document(value.json, {})) {
    write_key(out, key);
    emit(out, **schema);
  }
}

std::optional<payload_schema_settings>
reader::read_payload_schema(const cursor& at) {
  payload_schema_settings schema;
  if (at.value->kind == node_kind::map) {
    auto json = to_json(*at.value);
    if (!json) {
      report(json.error().where, at.path, json.error().message);
      return std::nullopt;
    }
    schema.json = *std::move(json);
  } else if (at.value->kind == node_kind::sequence) {
    report(at, "must be a JSON Schema, which is a map, or the path of a file");
    return std::nullopt;
  } else {
    auto path = read_path(at);
    if (!path)
      return std::nullopt;
    auto json = read_schema_file(at, *path);
    if (!json)
      return std::nullopt;
    schema = {*std::move(json), *std::move(path)};
  }
  const auto problem =
      schema_check_ ? schema_check_(schema.json) : std::nullopt;
  if (!problem)
    return schema;
  auto message = at_pointer(problem->pointer, problem->message);
  if (schema.file.empty())
    report(place_of_pointer(*at.value, problem->pointer), at.path,
           std::move(message), problem->hint);
  else
    report(at, fmt::format("{}: {}", schema.file, message), problem->hint);
  return std::nullopt;
}

/// As JSON.
std::optional<std::string> reader::read_schema_file(const cursor& at,
                                                    const std::string& path) {
  files_.push_back(path);
  auto text = read_regular_file(path, max_file_size);
  if (!text) {
    report(at, fmt::format("cannot read {}: {}", path, text.error()));
    return std::nullopt;
  }
  if (path.ends_with(".json"))
    return *std::move(text);
  const auto wrong = [&](place where, const std::string& message) {
    report(at, fmt::format("{}:{}:{}: {}", path, where.line, where.column,
                           message));
    return std::nullopt;
  };
  const auto root = parse_document(*text, path);
  if (!root)
    return wrong({root.error().line, root.error().column},
                 root.error().message);
  auto json = to_json(**root);
  if (!json)
    return wrong(json.error().where, json.error().message);
  return *std::move(json);
}

} // namespace mfo::config
