// A schema and a payload that is held to it: any text is compiled or refused
// with a reason, any payload is judged within its bounds, and twice the same.

#include "core/json_grammar.hpp"
#include "fuzz/target.hpp"
#include "schema/json_schema.hpp"

#include <simdjson.h>

namespace mfo::fuzz {

namespace {

bool is_payload(std::string_view text) {
  return core::is_json_text(text, 1024) &&
         simdjson::validate_utf8(text.data(), text.size());
}

/// A JSON Pointer (RFC 6901), or nothing.
bool is_pointer(std::string_view text) {
  return text.empty() || text.starts_with('/');
}

} // namespace

/// The schema, a line feed, the payload.
void run(std::string_view input) {
  const auto end = std::min(input.find('\n'), input.size());
  const auto compiled = schema::json_schema::compile(input.substr(0, end));
  if (!compiled) {
    require(!compiled.error().reason.empty());
    require(is_pointer(compiled.error().pointer));
    return;
  }
  const auto payload = input.substr(std::min(end + 1, input.size()));
  if (!is_payload(payload))
    return;
  const auto violations = compiled->check(payload);
  require(violations.size() <= schema::max_violations);
  for (const auto& each : violations) {
    require(is_pointer(each.pointer) && !each.rule.empty());
    require(each.pointer.size() <= schema::max_pointer);
  }
  const auto again = compiled->check(payload);
  require(again.size() == violations.size());
  for (std::size_t i = 0; i < again.size(); ++i)
    require(again[i].pointer == violations[i].pointer &&
            again[i].rule == violations[i].rule);
}

} // namespace mfo::fuzz
