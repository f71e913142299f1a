#include "node/shell/command_tree.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

namespace mfo::node {

namespace {

/// CLI11 describes a value by its name and, behind colons, by what checks it:
/// "FORMAT:{json,text}". One that must be there is marked by the caller.
std::pair<std::string, std::vector<std::string>>
value_of(const std::string& described) {
  std::vector<std::string> choices;
  if (const auto from = described.find('{'); from != std::string::npos) {
    std::istringstream words{
        described.substr(from + 1, described.find('}', from) - from - 1)};
    for (std::string word; std::getline(words, word, ',');)
      choices.push_back(word);
  }
  auto name = described.substr(0, described.find(':'));
  if (name.empty() || name.starts_with('{'))
    name = "WORD";
  return {std::move(name), std::move(choices)};
}

described_option describe_option(const CLI::Option& option) {
  described_option result;
  for (const auto& name : option.get_snames())
    result.names.push_back("-" + name);
  for (const auto& name : option.get_lnames())
    result.names.push_back("--" + name);
  if (option.get_items_expected_max() > 0)
    std::tie(result.value, result.choices) = value_of(option.get_type_name());
  result.default_value = option.get_default_str();
  result.help = option.get_description();
  result.required = option.get_required();
  result.many = option.get_items_expected_max() > 1;
  return result;
}

void add_options(described_command& to, const CLI::App& app, bool inherited) {
  for (const auto* each : app.get_options()) {
    if (inherited && each == app.get_help_ptr())
      continue;
    auto described = describe_option(*each);
    if (!described.names.empty())
      to.options.push_back(std::move(described));
    else if (!inherited)
      to.arguments.push_back(std::move(described));
  }
}

described_command describe_command(const CLI::App& app, std::string path) {
  described_command result{.path = std::move(path),
                           .help = app.get_description()};
  add_options(result, app, false);
  for (const auto* each = &app;
       each->get_fallthrough() && each->get_parent() != nullptr;
       each = each->get_parent())
    add_options(result, *each->get_parent(), true);
  for (const auto* each : app.get_subcommands(nullptr)) {
    auto name = result.path;
    if (!name.empty())
      name += ' ';
    result.commands.push_back(describe_command(*each, name + each->get_name()));
  }
  return result;
}

void append(std::vector<const described_command*>& to,
            const described_command& command) {
  to.push_back(&command);
  for (const auto& each : command.commands)
    append(to, each);
}

} // namespace

described_command describe(const CLI::App& program) {
  return describe_command(program, "");
}

std::vector<const described_command*>
all_commands(const described_command& program) {
  std::vector<const described_command*> result;
  append(result, program);
  return result;
}

} // namespace mfo::node
