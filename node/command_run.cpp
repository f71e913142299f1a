#include "node/command_run.hpp"

#include "config/environment.hpp"
#include "config/load.hpp"
#include "config/redact.hpp"
#include "node/node.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace mfo::node {

namespace {

const std::map<std::string, config::log_format> formats{
    {"json", config::log_format::json}, {"text", config::log_format::text}};

const std::map<std::string, config::log_level> levels{
    {"trace", config::log_level::trace}, {"debug", config::log_level::debug},
    {"info", config::log_level::info},   {"warn", config::log_level::warn},
    {"error", config::log_level::error}, {"off", config::log_level::off}};

struct run_options {
  std::string config;
  std::string format; ///< empty: as the file says
  std::string level;  ///< likewise
};

/// The settings; where there are none, every reason is on standard error.
std::optional<config::settings> load(const std::string& path) {
  auto loaded = config::load_file(path, config::process_environment());
  if (loaded)
    return std::move(*loaded);
  std::cerr << config::to_string(loaded.error());
  return std::nullopt;
}

exit_status run(const run_options& options) {
  auto settings = load(options.config);
  if (!settings)
    return exit_status::bad_config;
  if (!options.format.empty())
    settings->log.format = formats.at(options.format);
  if (!options.level.empty())
    settings->log.level = levels.at(options.level);
  auto started = node::start(*settings);
  if (!started) {
    std::cerr << "mfo-node: " << started.error() << '\n';
    return exit_status::cannot_start;
  }
  return (*started)->run();
}

} // namespace

void add_run_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<run_options>();
  auto* command = app.add_subcommand("run", "Start a node");
  command->add_option("-c,--config", options->config, "Configuration file")
      ->required()
      ->type_name("FILE");
  command
      ->add_option("--log-format", options->format,
                   "For machines, or for people; overrides the file")
      ->check(CLI::IsMember(formats))
      ->type_name("FORMAT");
  command
      ->add_option("--log-level", options->level,
                   "What is written; overrides the file")
      ->check(CLI::IsMember(levels))
      ->type_name("LEVEL");
  command->callback(
      [options, &exit_code] { exit_code = static_cast<int>(run(*options)); });
}

void add_check_command(CLI::App& app, int& exit_code) {
  auto path = std::make_shared<std::string>();
  auto print = std::make_shared<bool>(false);
  auto* command =
      app.add_subcommand("check", "Check a configuration without starting");
  command->add_option("-c,--config", *path, "Configuration file")
      ->required()
      ->type_name("FILE");
  command->add_flag("--print", *print,
                    "Print the settings in force, secrets as ***");
  command->callback([path, print, &exit_code] {
    const auto settings = load(*path);
    if (!settings)
      exit_code = static_cast<int>(exit_status::bad_config);
    else if (*print)
      std::cout << config::redacted_yaml(*settings);
    else
      std::cout << *path << ": good\n";
  });
}

} // namespace mfo::node
