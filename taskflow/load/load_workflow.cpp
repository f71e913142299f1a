#include "config/address.hpp"
#include "config/schema.hpp"
#include "config/schema_common.hpp"
#include "taskflow/load/fields.hpp"
#include "taskflow/load/tables.hpp"

#include <chrono>

using namespace std::chrono_literals;

namespace mfo::taskflow {

using config::cursor;
using config::make_section;
using config::reader;
using config::section_view;

namespace {

constexpr std::size_t most = 1000; ///< of whatever a file has several of

config::section<named_secret> secret_table() {
  using s = named_secret;
  return make_section<s>(
      {reading<s>({.key = "env",
                   .help = "The environment variable that holds it.",
                   .example = "GH_SECRET",
                   .default_text = "either this or `file`",
                   .type = "name"},
                  [](s& secret, const cursor& at, reader& in) {
                    if (auto found = in.read_secret_variable(at))
                      secret.value = *std::move(found);
                  }),
       reading<s>({.key = "file",
                   .help = "The file that holds it.",
                   .example = "/run/secrets/gh",
                   .default_text = "either this or `env`",
                   .type = "path"},
                  [](s& secret, const cursor& at, reader& in) {
                    if (auto found = in.read_secret_file(at))
                      secret.value = *std::move(found);
                  })},
      [](s&, const section_view& view, reader& in) {
        config::require_one(view, {"env", "file"}, in);
      });
}

config::section<draft_workflow> globals_table() {
  using d = draft_workflow;
  return make_section<d>(
      {config::map_of<d>(
           {.key = "secrets",
            .help = "Secrets by name; none stands in the file.",
            .default_text = "none"},
           [](auto& draft) -> auto& { return draft.made.secrets; },
           &named_secret::name, secret_table(), most),
       config::map_of<d>({.key = "retries",
                          .help = "How tasks are tried again, by name. One "
                                  "called `default` is there unless it is "
                                  "given.",
                          .default_text = "`default` alone"},
                         &d::retries, &config::retry_settings::name,
                         config::retry_table(), most)});
}

config::section<draft_flow> flow_config_table() {
  using d = draft_flow;
  constexpr std::size_t most_concurrent = 1000;
  const auto in_flow = [](auto member) {
    return [member](auto& draft) -> auto& {
      return draft.made.*member;
    };
  };
  return make_section<d>(
      {config::value<d>({.key = "max_concurrency",
                         .help = "How many of its tasks are under way at a "
                                 "time, in all blocks.",
                         .example = "5"},
                        in_flow(&flow::max_concurrency),
                        config::integer<std::size_t>(1, most_concurrent)),
       config::value<d>({.key = "timeout",
                         .help = "How long a run may take.",
                         .example = "10m",
                         .default_text = "what its trigger allows"},
                        in_flow(&flow::timeout), config::duration(1ms, 24h)),
       config::value<d>({.key = "fail_fast",
                         .help = "Whether a failure that nobody handles ends "
                                 "what runs.",
                         .example = "false"},
                        in_flow(&flow::fail_fast), config::yes_or_no())});
}

/// An element of `schemas` is a schema with two keys more.
void read_named_schema(draft_schema& draft, const cursor& at, reader& in) {
  static const std::vector<config::key_spec> any_keys;
  const section_view view(at, any_keys);
  draft.at = at;
  if (const auto file = view.find("file")) {
    if (auto schema = in.read_payload_schema(*file))
      draft.schema = *std::move(schema);
  } else if (at.value->kind != config::node_kind::map) {
    return in.report(at, "must be a JSON Schema with an id, which is a map");
  } else if (auto schema = in.read_payload_schema(at)) {
    draft.schema = *std::move(schema);
  }
  const auto id = view.find("id");
  if (!id)
    return in.report(at.key_where, config::join_path(at.path, "id"),
                     "missing required key");
  const auto text = in.read_text(*id);
  if (!text)
    return;
  if (auto parsed = config::parse_id(*text))
    draft.id = *std::move(parsed);
  else
    in.report(*id, parsed.error());
}

config::field<draft_workflow> schemas_field() {
  using d = draft_workflow;
  return reading<d>({.key = "schemas",
                     .help = "JSON Schemas, each with an `id`; or `id`, and "
                             "`file` in place of the schema.",
                     .example = "[{id: ticket, type: object}]",
                     .default_text = "none",
                     .type = "list of schemas"},
                    [](d& draft, const cursor& at, reader& in) {
                      for (const auto& item : in.read_list(at, most))
                        read_named_schema(draft.schemas.emplace_back(), item,
                                          in);
                    });
}

} // namespace

config::section<draft_flow> flow_table() {
  using d = draft_flow;
  return make_section<d>(
      {config::value<d>(
           {.key = "taskflow_id",
            .help = "A name, unique in the file.",
            .example = "main",
            .required = true},
           [](auto& draft) -> auto& { return draft.made.id; }, id_text()),
       config::value<d>(
           {.key = "description",
            .help = "What it does, for people.",
            .example = "Files a ticket",
            .default_text = "none"},
           [](auto& draft) -> auto& { return draft.made.description; },
           free_text()),
       reading<d>({.key = "input_schema",
                   .help = "A JSON Schema that every input must keep, the path "
                           "of one, or `$ref` to an entry of `schemas`.",
                   .example = "{$ref: ticket}",
                   .default_text = "none",
                   .type = "schema"},
                  [](d& draft, const cursor& at, reader& in) {
                    draft.input_schema = read_schema(at, in);
                  }),
       config::nested<d>(
           {.key = "config", .help = "Bounds of its runs."},
           [](auto& draft) -> auto& { return draft; }, flow_config_table()),
       reading<d>({.key = "output",
                   .help = "What a run gives; sees the results of the tasks.",
                   .example = "{id: file.result.id}",
                   .default_text = "the result of a single task; else those of "
                                   "the tasks that succeeded, by id",
                   .type = "any value"},
                  [](d& draft, const cursor& at, reader& in) {
                    draft.body.output =
                        read_value(at, {}, draft.body.notes, in);
                  }),
       reading<d>({.key = "tasks",
                   .help = "What is to be done.",
                   .required = true,
                   .type = "list of tasks"},
                  [](d& draft, const cursor& at, reader& in) {
                    draft.body.at = at;
                    read_tasks(draft.body.tasks, at, in);
                  })},
      [](d& draft, const section_view& view, reader&) {
        draft.at = view.self();
        draft.made.where = view.self().where();
      });
}

const config::section<draft_workflow>& workflow_table() {
  using d = draft_workflow;
  const auto made = [](auto member) {
    return [member](auto& draft) -> auto& {
      return draft.made.*member;
    };
  };
  static const auto table = make_section<d>(
      {config::value<d>({.key = "workflow_name",
                         .help = "A name.",
                         .example = "support_intake",
                         .required = true},
                        made(&workflow::name), id_text()),
       config::value<d>({.key = "description",
                         .help = "What it does, for people.",
                         .example = "Files tickets",
                         .default_text = "none"},
                        made(&workflow::description), free_text()),
       config::value<d>({.key = "version",
                         .help = "The version of the workflow, for people.",
                         .example = "1.0.0",
                         .default_text = "none"},
                        made(&workflow::version), free_text()),
       config::nested<d>(
           {.key = "global_configs",
            .help = "What triggers and tasks refer to."},
           [](auto& draft) -> auto& { return draft; }, globals_table()),
       config::list_of<d>({.key = "triggers",
                           .help = "What starts taskflows.",
                           .default_text = "none"},
                          &d::triggers, trigger_table(), most),
       config::list_of<d>({.key = "taskflows",
                           .help = "What is to be done.",
                           .required = true},
                          &d::taskflows, flow_table(), most),
       schemas_field(),
       config::list_of<d>({.key = "prompt_templates",
                           .help = "Texts for chats.",
                           .default_text = "none"},
                          made(&workflow::prompts), prompt_table(), most)});
  return table;
}

} // namespace mfo::taskflow
