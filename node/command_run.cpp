#include "node/command_run.hpp"

#include "config/redact.hpp"
#include "node/command.hpp"
#include "node/http_call_files.hpp"
#include "node/key_place.hpp"
#include "node/node.hpp"
#include "node/tls_listeners.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace mfo::node {

namespace {

template <class Value>
using choices = std::vector<std::pair<std::string, Value>>;

const choices<config::log_format> formats{{"json", config::log_format::json},
                                          {"text", config::log_format::text}};

const choices<config::log_level> levels{
    {"trace", config::log_level::trace}, {"debug", config::log_level::debug},
    {"info", config::log_level::info},   {"warn", config::log_level::warn},
    {"error", config::log_level::error}, {"off", config::log_level::off}};

struct run_options {
  std::string config;
  std::optional<config::log_format> format; ///< nothing: as the file says
  std::optional<config::log_level> level;   ///< likewise
  bool watch = false;
};

/// A line each, as the other problems of the file.
std::string problems_of_files(const std::string& path,
                              const config::settings& settings) {
  std::string lines;
  for (const auto& each : check_tls_files(settings))
    lines += line_about(path, each) + '\n';
  if (const auto wrong = check_http_call_files(path, settings))
    lines += config::to_string(*wrong) + '\n';
  return lines;
}

/// The configuration as the command line has it.
tl::expected<configuration, command_failure>
read_configuration(const run_options& options, config::source_kind kind) {
  auto loaded =
      load_configuration(options.config, config::process_environment(), kind);
  if (!loaded)
    return loaded;
  if (const auto wrong =
          check_http_call_files(options.config, loaded->settings))
    return failure(exit_status::cannot_start, config::to_string(*wrong) + '\n');
  auto& log = loaded->settings.log;
  log.format = options.format.value_or(log.format);
  log.level = options.level.value_or(log.level);
  return loaded;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

exit_status run(const run_options& options) {
  auto loaded = read_configuration(options, config::source_kind::any);
  if (!loaded)
    return report("run", loaded.error());
  node_options how;
  how.watches = options.watch;
  how.read_again =
      [options]() -> tl::expected<configuration, std::vector<std::string>> {
    return read_configuration(options, config::source_kind::regular)
        .map_error(
            [](const command_failure& why) { return lines_of(why.reason); });
  };
  auto started = node::start(*std::move(loaded), std::move(how));
  if (!started) {
    for (const auto& each : lines_of(started.error()))
      std::cerr << "mfo-node: " << each << '\n';
    return exit_status::cannot_start;
  }
  return (*started)->run();
}

/// An option that takes one of `values` by its name. `target` must live until
/// the command line is parsed.
template <class Value>
CLI::Option* add_choice(CLI::App& command, const std::string& name,
                        std::optional<Value>& target,
                        const choices<Value>& values, const std::string& help) {
  return command
      .add_option_function<std::string>(
          name,
          [&target, &values](const std::string& text) {
            for (const auto& [known, value] : values)
              if (text == known)
                target = value;
          },
          help)
      ->check(CLI::IsMember(values));
}

} // namespace

void add_run_command(CLI::App& app, command_action& chosen) {
  auto options = std::make_shared<run_options>();
  auto* command = app.add_subcommand("run", "Start a node");
  command->add_option("-c,--config", options->config, "Configuration file")
      ->required()
      ->type_name("FILE");
  add_choice(*command, "--log-format", options->format, formats,
             "For machines, or for people; overrides the file")
      ->type_name("FORMAT");
  add_choice(*command, "--log-level", options->level, levels,
             "What is written; overrides the file")
      ->type_name("LEVEL");
  command->add_flag("--watch", options->watch,
                    "Read the configuration again when its file changes, or "
                    "one that it names");
  set_action(*command, chosen, [options] { return run(*options); });
}

void add_check_command(CLI::App& app, command_action& chosen) {
  auto path = std::make_shared<std::string>();
  auto print = std::make_shared<bool>(false);
  auto* command =
      app.add_subcommand("check", "Check a configuration without starting");
  command->add_option("-c,--config", *path, "Configuration file")
      ->required()
      ->type_name("FILE");
  command->add_flag("--print", *print,
                    "Print the settings in force, secrets as ***");
  set_action(*command, chosen, [path, print] {
    const auto settings = load_settings(*path);
    if (!settings)
      return report("check", settings.error());
    if (const auto wrong = problems_of_files(*path, *settings); !wrong.empty())
      return report("check", {exit_status::bad_config, wrong});
    if (*print)
      std::cout << config::redacted_yaml(*settings);
    else
      std::cout << *path << ": good\n";
    return exit_status::ok;
  });
}

} // namespace mfo::node
