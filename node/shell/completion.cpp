#include "node/shell/completion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>
#include <vector>

namespace mfo::node {

namespace {

/// In single quotes, as both shells read it.
std::string shell_word(std::string_view text) {
  std::string result = "'";
  for (const char each : text)
    if (each == '\'')
      result += "'\\''";
    else
      result += each;
  return result + '\'';
}

/// What the shell can offer for a value: words, or what has a name of its own.
std::string offer_of(const described_option& option) {
  if (!option.choices.empty())
    return fmt::format("{}", fmt::join(option.choices, " "));
  if (option.value == "FILE")
    return "@files";
  if (option.value == "FOLDER")
    return "@folders";
  return "@nothing";
}

/// The `case` of all options that take a value, by path and option: it sets
/// `offer`.
std::string cases_of_values(const described_command& program) {
  std::string text;
  for (const auto* command : all_commands(program))
    for (const auto& option : command->options) {
      if (option.value.empty())
        continue;
      std::vector<std::string> patterns;
      for (const auto& name : option.names)
        patterns.push_back(shell_word(command->path + ' ' + name));
      text += fmt::format("    {}) offer={} ;;\n", fmt::join(patterns, " | "),
                          shell_word(offer_of(option)));
    }
  return text;
}

/// What the arguments of a command are: those of the first, since all are
/// alike.
std::string offer_of_arguments(const described_command& command) {
  return command.arguments.empty() ? "@nothing"
                                   : offer_of(command.arguments.front());
}

/// What a command is called after the one that has it.
std::string_view name_in(const described_command& parent,
                         const described_command& command) {
  return std::string_view{command.path}.substr(
      parent.path.empty() ? 0 : parent.path.size() + 1);
}

std::string bash_cases(const described_command& program) {
  std::string text;
  for (const auto* command : all_commands(program)) {
    std::vector<std::string_view> commands;
    std::vector<std::string_view> options;
    for (const auto& each : command->commands)
      commands.push_back(name_in(*command, each));
    for (const auto& each : command->options)
      options.insert(options.end(), each.names.begin(), each.names.end());
    text += fmt::format(
        "    {})\n      commands={} offer={}\n      options={} ;;\n",
        shell_word(command->path),
        shell_word(fmt::format("{}", fmt::join(commands, " "))),
        shell_word(offer_of_arguments(*command)),
        shell_word(fmt::format("{}", fmt::join(options, " "))));
  }
  return text;
}

/// An array of zsh's _describe: 'name:help'.
std::string described_for_zsh(std::string_view name, std::string_view help) {
  std::string text;
  for (const char each : name) {
    if (each == ':')
      text += '\\';
    text += each;
  }
  return shell_word(text + ":" + std::string{help});
}

std::string zsh_cases(const described_command& program) {
  std::string text;
  for (const auto* command : all_commands(program)) {
    std::string commands;
    std::string options;
    for (const auto& each : command->commands)
      commands +=
          "\n        " + described_for_zsh(name_in(*command, each), each.help);
    for (const auto& each : command->options)
      for (const auto& name : each.names)
        options += "\n        " + described_for_zsh(name, each.help);
    text += fmt::format(
        "    {})\n      offer={}\n      commands=({})\n      options=({}) ;;\n",
        shell_word(command->path), shell_word(offer_of_arguments(*command)),
        commands, options);
  }
  return text;
}

/// {0}: cases of values, {1}: cases of commands.
constexpr std::string_view bash_script =
    R"(# bash completion for mfo-node, made by `mfo-node completion bash`.
# shellcheck shell=bash

# What may follow a command: sets commands, options and offer of its caller.
_mfo_node_command() {{
  case $1 in
{1}    *) return 1 ;;
  esac
}}

# What an option takes: sets offer of its caller, or fails if it takes nothing.
_mfo_node_value() {{
  case "$1 $2" in
{0}    *) return 1 ;;
  esac
}}

_mfo_node_words() {{
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}}

_mfo_node_offer() {{
  case $1 in
    @files) compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
    @folders) compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
    @nothing) ;;
    *) _mfo_node_words "$1" "$2" ;;
  esac
}}

_mfo_node() {{
  local path='' commands='' options='' offer='' word i
  local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}}
  COMPREPLY=()
  case ${{COMP_WORDS[0]##*/}} in
    yaml-validator) path='taskflow check' ;;
    taskflow-visualizer) path='taskflow graph' ;;
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${{COMP_WORDS[i]}}
    if _mfo_node_value "$path" "$word"; then
      # Its value, behind the "=" that bash takes for a word.
      [[ ${{COMP_WORDS[i + 1]}} != '=' ]] || ((i += 1))
      ((i += 1))
    elif _mfo_node_command "${{path:+$path }}$word"; then
      path=${{path:+$path }}$word
    fi
  done
  if [[ $current == '=' ]]; then
    current=''
  elif [[ $before == '=' ]]; then
    before=${{COMP_WORDS[COMP_CWORD - 2]}}
  fi
  if _mfo_node_value "$path" "$before"; then
    _mfo_node_offer "$offer" "$current"
    return
  fi
  _mfo_node_command "$path"
  if [[ $current == -* ]]; then
    _mfo_node_words "$options" "$current"
  elif [[ -n $commands ]]; then
    _mfo_node_words "$commands" "$current"
  else
    _mfo_node_offer "$offer" "$current"
  fi
}}

complete -F _mfo_node mfo-node yaml-validator taskflow-visualizer
)";

constexpr std::string_view zsh_script =
    R"(#compdef mfo-node yaml-validator taskflow-visualizer
# zsh completion for mfo-node, made by `mfo-node completion zsh`.

# What may follow a command: sets commands, options and offer of its caller.
_mfo_node_command() {{
  case $1 in
{1}    *) return 1 ;;
  esac
}}

# What an option takes: sets offer of its caller, or fails if it takes nothing.
_mfo_node_value() {{
  case "$1 $2" in
{0}    *) return 1 ;;
  esac
}}

_mfo_node_offer() {{
  case $1 in
    @files) _files ;;
    @folders) _files -/ ;;
    @nothing) _message 'a value' ;;
    *) compadd -- ${{=1}} ;;
  esac
}}

_mfo_node() {{
  local path_='' offer='' word i
  local -a commands options
  case ${{words[1]:t}} in
    yaml-validator) path_='taskflow check' ;;
    taskflow-visualizer) path_='taskflow graph' ;;
  esac
  for ((i = 2; i < CURRENT; i++)); do
    word=${{words[i]}}
    if _mfo_node_value "$path_" "$word"; then
      ((i += 1))
    elif _mfo_node_command "${{path_:+$path_ }}$word"; then
      path_="${{path_:+$path_ }}$word"
    fi
  done
  if _mfo_node_value "$path_" "${{words[CURRENT - 1]}}"; then
    _mfo_node_offer "$offer"
    return
  fi
  if compset -P 1 '*=' && _mfo_node_value "$path_" "${{IPREFIX%=}}"; then
    _mfo_node_offer "$offer"
    return
  fi
  _mfo_node_command "$path_"
  if [[ ${{words[CURRENT]}} == -* ]]; then
    _describe -o option options
  elif ((${{#commands}})); then
    _describe command commands
  else
    _mfo_node_offer "$offer"
  fi
}}

_mfo_node "$@"
)";

} // namespace

std::string bash_completion(const described_command& program) {
  return fmt::format(bash_script, cases_of_values(program),
                     bash_cases(program));
}

std::string zsh_completion(const described_command& program) {
  return fmt::format(zsh_script, cases_of_values(program), zsh_cases(program));
}

} // namespace mfo::node
