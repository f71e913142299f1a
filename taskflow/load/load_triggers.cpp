#include "config/address.hpp"
#include "config/schema.hpp"
#include "config/schema_common.hpp"
#include "taskflow/load/fields.hpp"
#include "taskflow/load/tables.hpp"
#include "taskflow/schedule/time_zone.hpp"

#include <algorithm>

namespace mfo::taskflow {

using config::cursor;
using config::make_section;
using config::reader;
using config::section_view;

namespace {

/// The configuration of a webhook while it is read.
struct webhook_draft {
  webhook_trigger settings;
  std::string provider;
  std::string webhook_id;
  std::vector<name_at> secrets;
  draft_schema payload_schema;
};

using webhook_fields = std::vector<config::field<webhook_draft>>;

/// Those fields of an endpoint that a webhook has as they are. Every trigger
/// has a placement.
webhook_fields endpoint_fields() {
  constexpr std::string_view others[]{"id", "path", "signature",
                                      "expected_payload_schema", "placement"};
  webhook_fields result;
  for (auto& each : config::endpoint_table().fields)
    if (std::ranges::find(others, each.spec.key) == std::end(others))
      result.push_back(reading<webhook_draft>(
          std::move(each.spec),
          [read = std::move(each.read)](webhook_draft& draft, const cursor& at,
                                        reader& in) {
            read(draft.settings.endpoint, at, in);
          }));
  return result;
}

void finish_webhook(webhook_draft& draft, const section_view& view,
                    reader& in) {
  auto& endpoint = draft.settings.endpoint;
  static const auto endpoint_rules = config::endpoint_table();
  endpoint_rules.finish(endpoint, view, in);
  config::require_both(view, "provider", "webhook_id", in);
  if (!view.given("provider") && !view.given("webhook_id"))
    config::require_one(view, {"http_path", "provider and webhook_id"}, in);
  else
    config::refuse_several(view, {"http_path", "provider"}, in);
  if (endpoint.path.empty() && !draft.webhook_id.empty())
    endpoint.path = "/webhooks/" + draft.provider + "/" + draft.webhook_id;
  if (!view.sound("signature"))
    return;
  const bool unsigned_events =
      endpoint.signature.scheme == config::signature_scheme::none;
  const auto given = view.find("secret_ref");
  if (given && unsigned_events)
    in.report(given->key_where, given->path, "not allowed with scheme none",
              "leave it out");
  if (!given && !unsigned_events)
    in.report(view.self().key_where,
              config::join_path(view.self().path, "secret_ref"),
              "missing required key");
}

webhook_fields path_fields() {
  using d = webhook_draft;
  return {
      config::value<d>(
          {.key = "http_path",
           .help = "The path to which the sender posts, unique, "
                   "compared as it stands.",
           .example = "/hooks/github",
           .default_text = "/webhooks/`provider`/`webhook_id`"},
          [](auto& draft) -> auto& { return draft.settings.endpoint.path; },
          config::text("URL path", "starts with /; no ?, #, space or //",
                       config::parse_request_path)),
      config::value<d>({.key = "provider",
                        .help = "With `webhook_id`, in place of `http_path`: "
                                "who sends.",
                        .example = "github",
                        .default_text = "none"},
                       &d::provider, id_text()),
      config::value<d>({.key = "webhook_id",
                        .help = "With `provider`: the name of the webhook.",
                        .example = "issues",
                        .default_text = "none"},
                       &d::webhook_id, id_text()),
      config::value<d>(
          {.key = "http_method",
           .help = "The method by which the sender posts.",
           .example = "PUT"},
          [](auto& draft) -> auto& { return draft.settings.method; },
          config::one_of<std::string>(
              {{"POST", "POST"}, {"PUT", "PUT"}, {"PATCH", "PATCH"}})),
  };
}

config::section<webhook_draft> webhook_table() {
  using d = webhook_draft;
  auto fields = path_fields();
  fields.push_back(
      names<d>({.key = "secret_ref",
                .help = "The secret shared with the sender, or "
                        "several, any of which may match: entries "
                        "of `global_configs.secrets`.",
                .example = "gh",
                .default_text = "required unless the scheme is `none`"},
               [](d& draft, std::vector<name_at> found) {
                 draft.secrets = std::move(found);
               }));
  fields.push_back(config::nested<d>(
      {.key = "signature", .help = "How an event is proved to be genuine."},
      [](auto& draft) -> auto& { return draft.settings.endpoint.signature; },
      config::signature_table(config::secrets_stand::elsewhere)));
  fields.push_back(reading<d>(
      {.key = "expected_payload_schema",
       .help = "A JSON Schema that every payload must keep, the path of one, "
               "or `$ref` to an entry of `schemas`.",
       .example = "{$ref: ticket}",
       .default_text = "none",
       .type = "schema"},
      [](d& draft, const cursor& at, reader& in) {
        draft.payload_schema = read_schema(at, in);
      }));
  for (auto& each : endpoint_fields())
    fields.push_back(std::move(each));
  return make_section<d>(std::move(fields), finish_webhook);
}

trigger_kind webhook() {
  auto table = webhook_table();
  auto keys = table.keys;
  return {"webhook", "A request to the node's listener.", std::move(keys),
          [table = std::move(table)](draft_trigger& trigger, const cursor& at,
                                     reader& in) {
            webhook_draft draft;
            read_section(table, draft, at, in);
            draft.settings.endpoint.id = trigger.made.id;
            trigger.made.config = std::move(draft.settings);
            trigger.secrets = std::move(draft.secrets);
            trigger.payload_schema = std::move(draft.payload_schema);
          }};
}

struct schedule_draft {
  std::string expression;
  std::string time_zone = "UTC";
  std::optional<cron_schedule> schedule;
};

void finish_schedule(schedule_draft& draft, const section_view& view,
                     reader& in) {
  if (const auto zone = time_zone::named(draft.time_zone); !zone)
    in.report(view.blame({"timezone"}), zone.error().message,
              zone.error().hint);
  const auto given = view.find("cron_expression");
  if (!given || !view.sound("cron_expression"))
    return;
  // Without the zone: the only thing that can be wrong is the expression.
  const auto alone = cron_schedule::parse(draft.expression);
  if (!alone)
    return in.report(place_in(*given->value, alone.error().offset), given->path,
                     alone.error().message, alone.error().hint);
  if (!alone->next({}))
    return in.report(*given, "never fires: there is no such day");
  if (auto both = cron_schedule::parse(draft.expression, draft.time_zone))
    draft.schedule = *std::move(both);
}

trigger_kind schedule() {
  using d = schedule_draft;
  auto table = make_section<d>(
      {config::value<d>(
           {.key = "cron_expression",
            .help = "When: the five fields of crontab, or a short "
                    "form such as @daily.",
            .example = "0 0 * * *",
            .required = true},
           &d::expression,
           config::text("cron expression", "", config::parse_visible_text)),
       config::value<d>({.key = "timezone",
                         .help = "The time zone in which it is meant.",
                         .example = "Europe/Berlin"},
                        &d::time_zone,
                        config::text("time zone", "of the IANA database",
                                     config::parse_visible_text))},
      finish_schedule);
  auto keys = table.keys;
  return {"schedule", "The time.", std::move(keys),
          [table = std::move(table)](draft_trigger& trigger, const cursor& at,
                                     reader& in) {
            schedule_draft draft;
            read_section(table, draft, at, in);
            if (draft.schedule)
              trigger.made.config = schedule_trigger{
                  std::move(draft.expression), std::move(draft.time_zone),
                  *std::move(draft.schedule)};
            else
              trigger.made.config = manual_trigger{};
          }};
}

trigger_kind manual() {
  return {"manual",
          "Somebody, by the command line or the admin listener.",
          {},
          [](draft_trigger& trigger, const cursor& at, reader& in) {
            manual_trigger none;
            read_section(make_section<manual_trigger>({}), none, at, in);
            trigger.made.config = none;
          }};
}

/// A dotted name in which `*` stands for a word and `**` for any number.
tl::expected<std::string, std::string> parse_types(std::string_view text) {
  // A word in place of each `*` or `**`, and what is left is a name.
  std::string name;
  for (std::size_t from = 0; from <= text.size();) {
    const auto end = std::min(text.find('.', from), text.size());
    const auto word = text.substr(from, end - from);
    name += (name.empty() ? "" : ".") +
            (word == "*" || word == "**" ? "x" : std::string(word));
    from = end + 1;
  }
  if (config::parse_event_type(name))
    return std::string(text);
  return tl::make_unexpected(
      std::string("must be a dotted name such as ticket.done, in which a word "
                  "may be * or **"));
}

trigger_kind event() {
  using d = event_trigger;
  constexpr std::size_t most_types = 100;
  auto table = make_section<d>({config::value_list<d>(
      {.key = "event_types",
       .help = "Its types; `*` stands for a word, `**` for any number of them.",
       .example = "[ticket.done, \"email.**\"]",
       .required = true},
      &d::types,
      config::text("dotted name", "a word may be * or **", parse_types),
      most_types)});
  auto keys = table.keys;
  return {"event",
          "Another taskflow's event, or one that a server notified of.",
          std::move(keys),
          [table = std::move(table)](draft_trigger& trigger, const cursor& at,
                                     reader& in) {
            event_trigger draft;
            read_section(table, draft, at, in);
            trigger.made.config = std::move(draft);
          }};
}

template <class T>
auto in_trigger(T trigger::*member) {
  return [member](auto& draft) -> auto& {
    return draft.made.*member;
  };
}

} // namespace

const std::vector<trigger_kind>& trigger_kinds() {
  static const std::vector<trigger_kind> kinds{webhook(), schedule(), manual(),
                                               event()};
  return kinds;
}

config::section<draft_trigger> trigger_table() {
  using d = draft_trigger;
  return make_section<d>(
      {config::value<d>({.key = "id",
                         .help = "A unique name; it labels metrics and logs.",
                         .example = "github",
                         .required = true},
                        in_trigger(&trigger::id), id_text()),
       reading<d>({.key = "type",
                   .help = "What it waits for.",
                   .example = "webhook",
                   .required = true,
                   .type = "word",
                   .range = "webhook, schedule, manual, event"},
                  [](d& draft, const cursor& at, reader& in) {
                    draft.type =
                        read_kind(trigger_kinds(), "a type of trigger", at, in);
                  }),
       config::value<d>({.key = "enabled",
                         .help = "Whether it is in use.",
                         .example = "false"},
                        in_trigger(&trigger::enabled), config::yes_or_no()),
       reading<d>({.key = "config",
                   .help = "What it needs to know; its keys depend on `type`.",
                   .default_text = "{}",
                   .type = "map"},
                  [](d&, const cursor&, reader&) {}),
       when_holds<d>({.key = "filter",
                      .help = "Events for which it does not hold are passed "
                              "over; sees the event as `.`.",
                      .example = ".payload.action == \"opened\"",
                      .default_text = "true"},
                     in_trigger(&trigger::filter)),
       filled_in<d>({.key = "input_mapping",
                     .help = "The input of the run; sees `TRIGGER`.",
                     .example = "{email: TRIGGER.payload.email}",
                     .default_text = "the event's payload"},
                    in_trigger(&trigger::input_mapping), {}),
       config::nested<d>({.key = "placement",
                          .help = "Which nodes of a cluster may run the "
                                  "taskflow.",
                          .default_text = "all"},
                         in_trigger(&trigger::placement),
                         config::placement_table()),
       name_of<d>(
           {.key = "target_taskflow",
            .help = "The taskflow that it starts.",
            .example = "main",
            .required = true},
           [](d& draft, name_at found) { draft.target = std::move(found); })},
      [](d& draft, const section_view& view, reader& in) {
        draft.at = view.self();
        draft.made.where = view.self().where();
        read_config(trigger_kinds(), draft, view, in);
      });
}

} // namespace mfo::taskflow
