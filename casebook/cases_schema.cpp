#include "casebook/cases_schema.hpp"

#include "casebook/tables.hpp"
#include "schema/table_schema.hpp"

namespace mfo::casebook {

namespace {

using schema::either;
using schema::list_of;
using schema::ordered_json;
using schema::scalar;

std::optional<ordered_json> own_form(const config::key_spec& spec) {
  const std::string_view type = spec.type;
  if (type == "headers")
    return ordered_json{
        {"type", "object"},
        {"additionalProperties", either(scalar(), list_of(scalar()))}};
  if (type == "map of texts")
    return ordered_json{{"type", "object"}, {"additionalProperties", scalar()}};
  if (type == "map, path or paths")
    return ordered_json{{"type", {"object", "string", "array"}}};
  if (type == "list of maps, or []")
    return ordered_json{{"type", "array"},
                        {"items", schema::object_of(spec.keys, own_form)}};
  return std::nullopt;
}

} // namespace

std::string cases_schema() {
  ordered_json made{{"$schema", "http://json-schema.org/draft-07/schema#"},
                    {"title", "Cases of a configuration"},
                    {"$comment",
                     "Generated from the tables in casebook/. Change them, "
                     "then run: ninja -C "
                     "build/dev cases-schema && build/dev/cases-schema > "
                     "schemas/cases.schema.json"}};
  made.update(schema::object_of(book_table().keys, own_form));
  constexpr int indent = 2;
  return made.dump(indent) + "\n";
}

} // namespace mfo::casebook
