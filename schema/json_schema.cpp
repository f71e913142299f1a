#include "schema/json_schema.hpp"

#include "core/json_grammar.hpp"
#include "schema/compile.hpp"
#include "schema/evaluator.hpp"
#include "schema/metaschema.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace mfo::schema {

namespace {

using nlohmann::json;

/// Of arrays and objects in the text of a schema.
constexpr std::size_t max_text_nesting = 128;

using compile_result =
    tl::expected<std::shared_ptr<const compiled_schema>, compile_error>;

/// Whether a `$schema` names draft 7: by http or https, with `#` or without.
bool is_draft_7(std::string_view uri) {
  constexpr std::string_view name{"://json-schema.org/draft-07/schema"};
  if (uri.ends_with('#'))
    uri.remove_suffix(1);
  for (const std::string_view scheme : {"http", "https"})
    if (uri.starts_with(scheme) && uri.substr(scheme.size()) == name)
      return true;
  return false;
}

/// In another draft the same words mean other things, or nothing.
bool is_of_another_draft(const json& document) {
  const auto* named = document.is_object() && document.contains("$schema")
                          ? &document["$schema"]
                          : nullptr;
  return named != nullptr && named->is_string() &&
         !is_draft_7(named->get_ref<const std::string&>());
}

/// What nlohmann/json makes of well-formed text, or the rule that says what
/// it cannot hold.
tl::expected<json, std::string_view> read(std::string_view text) {
  try {
    return json::parse(text);
  } catch (const json::out_of_range&) {
    return tl::make_unexpected(rule_number);
  } catch (const json::exception&) {
    return tl::make_unexpected(rule_unicode);
  }
}

/// The meta-schema, said so that a violation is told where it is, not as
/// "anyOf" of all around it; and without the formats of URIs, since many a
/// generator writes a name with a space into a $ref.
json strict_metaschema() {
  auto document = json::parse(metaschema_text);
  auto& properties = document["properties"];
  for (const auto* uri : {"$id", "$ref", "$schema"})
    properties[uri].erase("format");
  const auto list_or_schema = [](const char* list) {
    return json{{"if", {{"type", "array"}}},
                {"then", {{"$ref", list}}},
                {"else", {{"$ref", "#"}}}};
  };
  properties["items"] = list_or_schema("#/definitions/schemaArray");
  properties["dependencies"]["additionalProperties"] =
      list_or_schema("#/definitions/stringArray");
  return document;
}

const compiled_schema& metaschema() {
  static const auto rules = *compile_document(strict_metaschema());
  return *rules;
}

compile_result compile_text(std::string_view text) {
  if (!core::is_json_text(text, max_text_nesting))
    return tl::make_unexpected(
        compile_error{{},
                      "not JSON, or nested deeper than " +
                          std::to_string(max_text_nesting) + " levels",
                      {}});
  auto document = read(text);
  if (!document)
    return tl::make_unexpected(
        compile_error{{}, "a number or a string that is out of range", {}});
  if (is_of_another_draft(*document))
    return tl::make_unexpected(
        compile_error{"/$schema", "names another draft than 7, or a dialect",
                      "write it in draft 7 and name "
                      "http://json-schema.org/draft-07/schema# here, or "
                      "nothing"});
  if (const auto wrong = evaluate(metaschema(), *document, text.size());
      !wrong.empty())
    return tl::make_unexpected(
        compile_error{wrong.front().pointer,
                      "is no schema of draft 7: breaks its rule \"" +
                          wrong.front().rule + "\"",
                      {}});
  return compile_document(*std::move(document));
}

} // namespace

json_schema::json_schema(std::shared_ptr<const compiled_schema> rules)
  : rules_(std::move(rules)) {}

tl::expected<json_schema, compile_error>
json_schema::compile(std::string_view json_text) {
  return compile_text(json_text).map(
      [](auto rules) { return json_schema(std::move(rules)); });
}

std::vector<core::violation> json_schema::check(std::string_view text) const {
  const auto payload = read(text);
  if (!payload)
    return {{{}, std::string{payload.error()}}};
  return evaluate(*rules_, *payload, text.size());
}

} // namespace mfo::schema
