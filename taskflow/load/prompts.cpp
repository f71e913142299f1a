#include "config/file.hpp"
#include "config/load.hpp"
#include "config/schema_common.hpp"
#include "config/text.hpp"
#include "taskflow/load/fields.hpp"
#include "taskflow/load/tables.hpp"
#include "taskflow/prompt_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mfo::taskflow {

using config::cursor;
using config::make_section;
using config::reader;
using config::section_view;

namespace {

using prompt_keys = std::vector<config::field<prompt_template>>;

tl::expected<std::string, std::string> parse_prompt(std::string_view text) {
  if (text.empty())
    return tl::make_unexpected(std::string("must not be empty"));
  return std::string(text);
}

prompt_keys text_fields() {
  using p = prompt_template;
  constexpr std::size_t most = 100;
  return {
      config::value<p>({.key = "text",
                        .help = "What is said; `{{name}}` is filled in.",
                        .example = "Classify {{mail}}",
                        .default_text = "either this or `file`"},
                       &p::text, config::text("text", "", parse_prompt)),
      config::value<p>({.key = "system_prompt",
                        .help = "What the model is told beforehand; "
                                "`{{name}}` is filled in.",
                        .example = "Be brief.",
                        .default_text = "none"},
                       &p::system_prompt,
                       config::text("text", "", parse_prompt)),
      config::value_list<p>({.key = "variables",
                             .help = "The names that are filled in.",
                             .example = "[mail]",
                             .default_text = "those in the texts"},
                            &p::variables, variable_name(), most),
      config::value<p>({.key = "provider_id",
                        .help = "The provider of the model.",
                        .example = "anthropic",
                        .default_text = "the server's"},
                       &p::provider_id, foreign_name()),
      config::value<p>({.key = "model_id",
                        .help = "The model.",
                        .example = "small",
                        .default_text = "the server's"},
                       &p::model_id, foreign_name()),
      config::value_list<p>({.key = "tools",
                             .help = "Tools that the model may use.",
                             .example = "[search]",
                             .default_text = "none"},
                            &p::tools, foreign_name(), most),
  };
}

/// Variables that stand in a text and are not among those that are told.
void check_variables(prompt_template& prompt, const section_view& view,
                     reader& in) {
  if (!view.given("variables")) {
    prompt.variables = variables_of(prompt.text + "\n" + prompt.system_prompt);
    return;
  }
  std::vector<std::string_view> known(prompt.variables.begin(),
                                      prompt.variables.end());
  for (const auto& [key, text] :
       {std::pair{"text", &prompt.text},
        std::pair{"system_prompt", &prompt.system_prompt}})
    for (const auto& name : variables_of(*text))
      if (std::ranges::find(known, name) == known.end()) {
        const auto near = config::nearest(name, known);
        in.report(view.blame({key}),
                  fmt::format("{{{{{}}}}} is none of the variables", name),
                  near ? fmt::format("did you mean {}?", *near) : "");
      }
}

void finish_text(prompt_template& prompt, const section_view& view,
                 reader& in) {
  if (!view.given("text"))
    in.report(view.self().key_where,
              config::join_path(view.self().path, "text"),
              "missing required key");
  check_variables(prompt, view, in);
}

/// A file in YAML has the keys of the table; any other is the text.
void read_prompt_file(prompt_template& prompt, const cursor& at, reader& in) {
  const auto path = in.read_path(at);
  if (!path)
    return;
  auto bytes = config::read_regular_file(*path, config::max_file_size);
  if (!bytes)
    return in.report(at,
                     fmt::format("cannot read {}: {}", *path, bytes.error()));
  prompt.file = *path;
  if (!path->ends_with(".yaml") && !path->ends_with(".yml")) {
    config::strip_line_break(*bytes);
    prompt.text = *std::move(bytes);
    prompt.variables = variables_of(prompt.text);
    if (prompt.text.empty())
      in.report(at, fmt::format("the prompt in {} is empty", *path));
    return;
  }
  const auto root = config::parse_document(*bytes, *path);
  if (!root)
    return in.report(at, to_string(root.error()));
  const config::environment none = [](std::string_view) {
    return std::nullopt;
  };
  reader inner(*path, none, {}, config::dollar_sign::stands_for_itself);
  read_section(prompt_file_table(), prompt, {root->get(), config::place{}, {}},
               inner);
  for (const auto& problem : inner.take_problems())
    in.report(at, to_string(problem));
}

void finish_prompt(prompt_template& prompt, const section_view& view,
                   reader& in) {
  const auto file = view.find("file");
  if (!file) {
    config::require_one(view, {"text", "file"}, in);
    return check_variables(prompt, view, in);
  }
  for (const auto& spec : prompt_file_table().keys)
    config::refuse_several(view, {"file", spec.key}, in);
}

} // namespace

config::section<prompt_template> prompt_file_table() {
  return make_section<prompt_template>(text_fields(), finish_text);
}

config::section<prompt_template> prompt_table() {
  using p = prompt_template;
  prompt_keys all{
      config::value<p>({.key = "id",
                        .help = "A unique name.",
                        .example = "triage",
                        .required = true},
                       &p::id, id_text()),
      reading<p>({.key = "file",
                  .help = "A file with the other keys, in YAML; any "
                          "other is the text.",
                  .example = "prompts/triage.yaml",
                  .default_text = "either this or `text`",
                  .type = "path"},
                 read_prompt_file)};
  for (auto& each : text_fields())
    all.push_back(std::move(each));
  return make_section<p>(std::move(all), finish_prompt);
}

} // namespace mfo::taskflow
