#include "config/interpolate.hpp"
#include "config/resolve.hpp"
#include "config/secret_form.hpp"
#include "config/text.hpp"
#include "config/uniqueness.hpp"
#include "schema/json_schema.hpp"
#include "taskflow/load/fields.hpp"
#include "taskflow/load/link.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mfo::taskflow {

using config::cursor;
using config::reader;

namespace {

/// The secrets that a webhook names, in the form that its scheme wants.
void link_secrets(draft_trigger& trigger, webhook_trigger& webhook,
                  const workflow& file, reader& in) {
  config::referents known{{}, "the name of an entry of global_configs.secrets"};
  for (const auto& each : file.secrets)
    known.names.emplace_back(each.name);
  auto& signature = webhook.endpoint.signature;
  for (const auto& [name, at] : trigger.secrets) {
    check_reference(known, name, at, in);
    const auto found =
        std::ranges::find(file.secrets, name, &named_secret::name);
    if (found == file.secrets.end() || found->value.empty())
      continue; // told already
    if (const auto flaw =
            config::flaw_of_secret(signature.scheme, found->value.reveal());
        !flaw.empty())
      in.report(at, fmt::format("the secret {}", flaw),
                "its scheme has its own form of secrets");
    signature.secrets.push_back(found->value);
  }
}

/// Before an event starts a run there is but the event.
void check_uses(const draft_trigger& trigger, reader& in) {
  for (const auto& use : trigger.notes.uses)
    if (use.what.what != reference::kind::root || use.what.name != "TRIGGER")
      in.report(use.what.where, use.path,
                use.what.what == reference::kind::secret
                    ? "a secret must not stand here"
                    : fmt::format("{} is not known here", use.what.name),
                "a trigger sees TRIGGER alone");
}

draft_schema* named_schema(std::vector<draft_schema>& schemas,
                           const name_at& name, reader& in) {
  config::referents known{{}, "the id of an entry of schemas"};
  for (auto& each : schemas) {
    if (each.id == name.name && !name.name.empty())
      return &each;
    known.names.emplace_back(each.id);
  }
  check_reference(known, name.name, name.at, in);
  return nullptr;
}

/// What is at the end of a `$ref`.
config::payload_schema_settings schema_of(const draft_schema& given,
                                          draft_workflow& file, reader& in) {
  if (!given.ref)
    return given.schema;
  const auto* named = named_schema(file.schemas, *given.ref, in);
  return named == nullptr ? config::payload_schema_settings{} : named->schema;
}

} // namespace

void link_triggers(draft_workflow& file, reader& in) {
  config::uniqueness ids(in);
  config::uniqueness paths(in);
  for (auto& trigger : file.triggers) {
    if (trigger.at.value == nullptr)
      continue;
    ids.add(trigger.made.id, key_of(trigger.at, "id"));
    check_uses(trigger, in);
    if (!trigger.target.name.empty())
      trigger.made.taskflow =
          find_taskflow(trigger.target, file, in).value_or(0);
    auto* webhook = std::get_if<webhook_trigger>(&trigger.made.config);
    if (webhook == nullptr || trigger.type != "webhook")
      continue;
    link_secrets(trigger, *webhook, file.made, in);
    const auto& path = webhook->endpoint.path;
    if (trigger.made.enabled && !path.empty())
      paths.add(webhook->method + " " + path,
                key_of(key_of(trigger.at, "config"), "http_path"));
  }
}

void link_schemas(draft_workflow& file, reader& in) {
  config::uniqueness ids(in);
  for (const auto& each : file.schemas)
    ids.add(each.id, key_of(each.at, "id"));
  for (auto& trigger : file.triggers)
    if (auto* webhook = std::get_if<webhook_trigger>(&trigger.made.config))
      webhook->endpoint.payload_schema =
          schema_of(trigger.payload_schema, file, in);
  for (auto& each : file.taskflows) {
    const auto schema = schema_of(each.input_schema, file, in);
    if (schema.json.empty())
      continue;
    if (auto compiled = schema::json_schema::compile(schema.json))
      each.made.input_schema = *std::move(compiled);
  }
}

std::optional<config::payload_schema_problem>
flaw_of_schema(std::string_view text) {
  auto compiled = schema::json_schema::compile(text);
  if (compiled)
    return std::nullopt;
  auto& error = compiled.error();
  return config::payload_schema_problem{
      std::move(error.pointer), std::move(error.reason), std::move(error.hint)};
}

void check_prompt(const prompt_use& use, const draft_workflow& file,
                  reader& in) {
  config::referents known{{}, "the id of an entry of prompt_templates"};
  for (const auto& each : file.made.prompts)
    known.names.emplace_back(each.id);
  const auto& [name, at] = use.prompt;
  const auto found =
      std::ranges::find(file.made.prompts, name, &prompt_template::id);
  if (found == file.made.prompts.end())
    return check_reference(known, name, at, in);
  const auto* context = use.context.value;
  if (context != nullptr && context->kind != config::node_kind::map)
    return; // an expression: known when it is evaluated
  std::vector<std::string_view> given;
  if (context != nullptr)
    for (const auto& each : context->entries)
      if (config::is_variable_name(each.key)) // what else may be is not shown
        given.emplace_back(each.key);
  for (const auto& variable : found->variables) {
    if (std::ranges::find(given, variable) != given.end())
      continue;
    const auto near = config::nearest(variable, given);
    const auto& blamed = context == nullptr ? at : use.context;
    in.report(
        blamed.key_where, blamed.path,
        context == nullptr
            ? fmt::format("the prompt's variable {} needs prompt_context",
                          variable)
            : fmt::format("the prompt's variable {} is missing", variable),
        near ? fmt::format("is it misspelt as {}?", *near) : "");
  }
}

} // namespace mfo::taskflow
