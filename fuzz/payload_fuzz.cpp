// Bodies of every kind that an endpoint takes: forms, CloudEvents in their
// three modes, JSON. What is made of
// one is JSON; a flaw tells nothing of the
// body.

#include "core/json_grammar.hpp"
#include "fuzz/guarded_buffer.hpp"
#include "fuzz/target.hpp"
#include "payload/decode.hpp"
#include "payload/event_type.hpp"

#include <simdjson.h>

#include <array>
#include <limits>

namespace mfo::fuzz {

namespace {

constexpr auto any_depth = std::numeric_limits<std::size_t>::max();

bool is_json(std::string_view text) {
  return core::is_json_text(text, any_depth) &&
         simdjson::validate_utf8(text.data(), text.size());
}

bool looks_like_json(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos &&
         (text[first] == '{' || text[first] == '[');
}

bool is_event_type(std::string_view text) {
  constexpr std::string_view allowed{"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "abcdefghijklmnopqrstuvwxyz"
                                     "0123456789_-."};
  return text.find_first_not_of(allowed) == std::string_view::npos &&
         !text.starts_with('.') && !text.ends_with('.') &&
         text.find("..") == std::string_view::npos;
}

void check_type(std::string_view payload) {
  const config::event_type_source source{.field = "/type"};
  require(is_event_type(payload::type_from_payload(source, payload)));
}

void decode(std::string_view content_type, const core::header_fields& fields,
            std::string_view body) {
  static core::json_checker checker;
  const config::payload_settings settings{.cloud_batch = true};
  const auto events = payload::decode(
      {.content_type = content_type, .fields = fields, .body = body}, settings,
      {}, checker);
  if (!events) {
    require(events.error().detail.find('\n') == std::string::npos);
    return;
  }
  require(!events->empty());
  for (const auto& each : *events) {
    // A form's one field `payload` stands as it is when it looks like JSON; the
    // caller checks it.
    if (content_type.starts_with("application/x-www"))
      require(is_json(each.payload) || looks_like_json(each.payload));
    if (is_json(each.payload))
      check_type(each.payload);
    if (!each.cloud)
      continue;
    require(!each.cloud->id.empty() && !each.cloud->source.empty() &&
            !each.cloud->type.empty());
    require(is_json(each.cloud->attributes));
    require(each.cloud->attributes.starts_with('{'));
  }
}

} // namespace

/// Lines of name:value; behind an empty one the body, as every type there is.
void run(std::string_view input) {
  core::header_fields fields;
  while (!input.empty()) {
    const auto line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(line.size() + 1, input.size()));
    const auto colon = line.find(':');
    if (line.empty())
      break;
    if (colon == std::string_view::npos)
      continue;
    const auto value = line.substr(colon + 1);
    if (core::equal_ignoring_case(line.substr(0, 3), "ce-"))
      fields.add(line.substr(0, colon), value);
    require(
        is_event_type(payload::type_from_header({.header = "X-Event"}, value)));
  }
  for (const auto* type :
       {"application/json", "application/x-www-form-urlencoded",
        "application/cloudevents+json", "application/cloudevents-batch+json",
        "text/plain", ""})
    decode(type, fields, input);
}

} // namespace mfo::fuzz
