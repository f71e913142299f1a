#include "taskflow/load/fields.hpp"

#include "config/address.hpp"
#include "config/interpolate.hpp"

#include <algorithm>

namespace mfo::taskflow {

using config::cursor;
using config::node_kind;
using config::reader;

namespace {

bool has_shape(const json& value, shape kind) {
  switch (kind) {
  case shape::any:
    return true;
  case shape::text:
    return value.is_string();
  case shape::map:
    return value.is_object();
  case shape::list:
    return value.is_array();
  }
  return false;
}

/// What the file shows, whatever is to be filled in.
bool may_have_shape(node_kind found, shape kind) {
  switch (kind) {
  case shape::any:
    return true;
  case shape::text:
    return found == node_kind::scalar;
  case shape::map:
    return found == node_kind::scalar || found == node_kind::map;
  case shape::list:
    return found == node_kind::scalar || found == node_kind::sequence;
  }
  return false;
}

std::string shape_message(shape kind) {
  switch (kind) {
  case shape::text:
    return "must be text";
  case shape::map:
    return "must be a map, or an expression that gives one";
  case shape::list:
    return "must be a list, or an expression that gives one";
  default:
    return "";
  }
}

std::string shape_hint(shape kind, const json& value) {
  return kind == shape::text && value.is_primitive() && !value.is_null()
             ? "quote it"
             : "";
}

void note(const std::vector<reference>& found, const std::string& path,
          bool takes_secrets, task_notes& notes) {
  for (const auto& each : found)
    notes.uses.push_back({each, path, takes_secrets});
}

void note(std::vector<uncompiled_expression>&& found, const std::string& path,
          task_notes& notes) {
  for (auto& each : found)
    notes.pending.push_back({std::move(each), path});
}

} // namespace

std::string type_of(shape kind) {
  switch (kind) {
  case shape::text:
    return "text or expression";
  case shape::map:
    return "map or expression";
  case shape::list:
    return "list or expression";
  default:
    return "any value";
  }
}

config::place place_in(const config::node& text, std::size_t offset) {
  auto where = text.where;
  if (text.text.find('\n') == std::string::npos)
    where.column += static_cast<int>(offset) + (text.quoted ? 1 : 0);
  return where;
}

std::optional<value_template> read_value(const cursor& at,
                                         const value_rule& rule,
                                         task_notes& notes, reader& in) {
  if (at.value->kind == node_kind::null && rule.kind != shape::any) {
    in.report(at, "has no value");
    return std::nullopt;
  }
  if (!may_have_shape(at.value->kind, rule.kind)) {
    in.report(at, shape_message(rule.kind));
    return std::nullopt;
  }
  std::vector<uncompiled_expression> later;
  auto made = value_template::read(*at.value, later);
  note(std::move(later), at.path, notes);
  if (!made) {
    for (auto& problem : made.error())
      in.report(problem.where, at.path, std::move(problem.message),
                std::move(problem.hint));
    return std::nullopt;
  }
  if (const auto* constant = made->as_constant()) {
    if (!has_shape(*constant, rule.kind)) {
      in.report(at, shape_message(rule.kind), shape_hint(rule.kind, *constant));
      return std::nullopt;
    }
    if (auto flaw = rule.flaw ? rule.flaw(*constant) : std::string();
        !flaw.empty()) {
      in.report(at, std::move(flaw));
      return std::nullopt;
    }
  }
  note(made->references(), at.path, rule.takes_secrets, notes);
  return *std::move(made);
}

std::optional<predicate> read_predicate(const cursor& at, task_notes& notes,
                                        reader& in) {
  const auto text = in.read_text(at);
  if (!text)
    return std::nullopt;
  std::vector<uncompiled_expression> later;
  auto made = predicate::read(*text, place_in(*at.value, 0), later);
  note(std::move(later), at.path, notes);
  if (!made) {
    auto& problem = made.error();
    in.report(problem.where, at.path, std::move(problem.message),
              std::move(problem.hint));
    return std::nullopt;
  }
  note(made->references(), at.path, false, notes);
  return *std::move(made);
}

std::vector<name_at> read_names(const cursor& at, reader& in) {
  constexpr std::size_t most = 1000;
  if (at.value->kind == node_kind::map) {
    in.report(at, "must be a name or a list of names");
    return {};
  }
  std::vector<cursor> items{at};
  if (at.value->kind == node_kind::sequence)
    items = at.value->items.empty() ? std::vector<cursor>{}
                                    : in.read_list(at, most);
  std::vector<name_at> found;
  for (const auto& item : items)
    if (auto text = in.read_text(item))
      found.push_back({*std::move(text), item});
  return found;
}

config::codec<std::string> free_text() {
  return config::text(
      "text", {},
      [](std::string_view text) -> tl::expected<std::string, std::string> {
        return std::string(text);
      });
}

config::codec<std::string> foreign_name() {
  return config::text("text", "1 to 256 characters",
                      config::parse_visible_text);
}

config::codec<std::string> id_text() {
  return config::text("id", "1 to 64 of a-z, 0-9, _, -", config::parse_id);
}

config::codec<std::string> variable_name() {
  return config::text(
      "name", "letters, digits and _, the first one no digit",
      [](std::string_view text) -> tl::expected<std::string, std::string> {
        if (config::is_variable_name(text))
          return std::string(text);
        return tl::make_unexpected(std::string(
            "must be letters, digits and _, the first one no digit"));
      });
}

draft_schema read_schema(const cursor& at, reader& in) {
  draft_schema result;
  result.at = at;
  const auto& entries = at.value->entries;
  if (entries.size() == 1 && entries.front().key == "$ref" &&
      !entries.front().value->text.starts_with('#')) {
    const cursor ref{entries.front().value.get(), entries.front().where,
                     config::join_path(at.path, "$ref")};
    if (auto name = in.read_text(ref))
      result.ref = name_at{*std::move(name), ref};
  } else if (auto schema = in.read_payload_schema(at)) {
    result.schema = *std::move(schema);
  }
  return result;
}

} // namespace mfo::taskflow
