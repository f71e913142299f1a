#include "config/schema_payload.hpp"
#include "config/address.hpp"
#include "config/schema.hpp"
#include "config/schema_common.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace mfo::config {

namespace {

using format = bool payload_settings::*;

constexpr std::pair<std::string_view, format> formats[]{
    {"json", &payload_settings::json},
    {"form", &payload_settings::form},
    {"cloudevents", &payload_settings::cloud_events},
    {"cloudevents-batch", &payload_settings::cloud_batch}};

void read_formats(payload_settings& values, const cursor& at, reader& in) {
  values = {false, false, false, false};
  for (const auto& item : in.read_list(at, std::size(formats))) {
    const auto text = in.read_text(item);
    if (!text)
      continue;
    const auto* const known =
        std::ranges::find(formats, std::string_view{*text},
                          [](const auto& each) { return each.first; });
    if (known != std::end(formats))
      values.*known->second = true;
    else
      in.report(item, "must be one of json, form, cloudevents, "
                      "cloudevents-batch");
  }
}

bool has_only_known_keys(const node& map, const std::vector<key_spec>& keys) {
  return std::ranges::all_of(map.entries, [&](const auto& entry) {
    return std::ranges::any_of(
        keys, [&](const auto& each) { return each.key == entry.key; });
  });
}

codec<std::string> dotted_name() {
  return text("dotted name", "words of A-Z, a-z, 0-9, _, -", parse_event_type);
}

/// A member of an endpoint's event_type_source.
auto in_source(std::string event_type_source::*member) {
  return [member](auto& values) -> auto& {
    return values.type_source.*member;
  };
}

section<endpoint_settings> type_source_table() {
  using s = endpoint_settings;
  return make_section<s>(
      {value<s>({.key = "header",
                 .help = "The type is in this header.",
                 .example = "X-GitHub-Event",
                 .default_text = "either this or `field`"},
                in_source(&event_type_source::header),
                text("header", "letters, digits and -", parse_header_name)),
       value<s>({.key = "field",
                 .help = "The type is in the payload, at this JSON Pointer, "
                         "and a string.",
                 .example = "/action",
                 .default_text = "either this or `header`"},
                in_source(&event_type_source::field),
                text("JSON Pointer", "starts with /", parse_json_pointer)),
       value<s>({.key = "prefix",
                 .help = "What stands before it in the event's type.",
                 .example = "github."},
                in_source(&event_type_source::prefix),
                text("text", "words with dots behind them",
                     parse_event_type_prefix)),
       value<s>({.key = "default",
                 .help = "The event's type where none is found there.",
                 .example = "github.unknown"},
                &s::event_type, dotted_name())},
      [](s& values, const section_view& view, reader& in) {
        if (view.given("header") == view.given("field"))
          in.report(view.self(), "must have header or field, and not both");
        values.type_source.fixed = false;
      });
}

} // namespace

field<endpoint_settings> formats_field() {
  return {{.key = "formats",
           .help = "What a body may be: `json`, as it stands; `form`, which "
                   "becomes JSON; `cloudevents`, binary or structured; "
                   "`cloudevents-batch`, several in one request. Anything else "
                   "is answered 415.",
           .example = "[json]",
           .default_text = "[json, form, cloudevents]",
           .type = "list of words"},
          [](endpoint_settings& values, const cursor& at, reader& in) {
            read_formats(values.payload, at, in);
          },
          [](const endpoint_settings& values, YAML::Emitter& out) {
            write_key(out, "formats");
            write_list(out, [&] {
              for (const auto& [name, member] : formats)
                if (values.payload.*member)
                  write_item(out, std::string{name});
            });
          }};
}

field<endpoint_settings> event_type_field() {
  const auto constant = dotted_name();
  const auto table = type_source_table();
  key_spec spec{
      .key = "event_type",
      .help = "The type of the events sent to the server: a name, or a map "
              "that says where it is. A CloudEvent has its own, unless a "
              "name is given or one is found there.",
      .example = "github.push",
      .default_text = "webhook.received",
      .type = "dotted name or map",
      .range = constant.range};
  spec.keys = table.keys;
  return {std::move(spec),
          [constant, table](endpoint_settings& values, const cursor& at,
                            reader& in) {
            if (at.value->kind == node_kind::map) {
              // A value is never quoted, and a map here may be meant as one.
              if (!has_only_known_keys(*at.value, table.keys))
                return in.report(at, "must be a name, or a map of header or "
                                     "field, prefix and default");
              return read_section(table, values, at, in);
            }
            const auto given = in.read_text(at);
            if (!given)
              return;
            if (auto parsed = constant.parse(*given)) {
              values.event_type = *std::move(parsed);
              values.type_source.fixed = true;
            } else {
              in.report(at, parsed.error());
            }
          },
          [table](const endpoint_settings& values, YAML::Emitter& out) {
            const auto& source = values.type_source;
            if (source.header.empty() && source.field.empty())
              return write_text(out, "event_type", values.event_type);
            write_key(out, "event_type");
            write_map(out, [&] {
              if (!source.header.empty())
                write_text(out, "header", source.header);
              if (!source.field.empty())
                write_text(out, "field", source.field);
              write_text(out, "prefix", source.prefix);
              write_text(out, "default", values.event_type);
            });
          }};
}

section<handshake_settings> handshake_table() {
  using s = handshake_settings;
  constexpr std::size_t most_origins = 100;
  return make_section<s>({
      value_list<s>(
          {.key = "allowed_origins",
           .help = "Which senders may send CloudEvents when they ask by "
                   "`OPTIONS`: their names, or `*` for any. Nobody who asks is "
                   "let in by this alone: events are verified all the same.",
           .example = "[events.example.com]",
           .default_text = "none: `OPTIONS` is answered 405"},
          &s::allowed_origins, text("name", "", parse_origin_name),
          most_origins),
      value<s>(
          {.key = "allowed_rate",
           .help = "The most events a minute that a sender is granted; 0: "
                   "any. It is told so; `rate_limit` holds it to that.",
           .example = "6000"},
          &s::allowed_rate,
          integer<std::uint32_t>(0, std::numeric_limits<std::uint32_t>::max())),
  });
}

} // namespace mfo::config
