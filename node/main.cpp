#include "node/command_call.hpp"
#include "node/command_dead_letters.hpp"
#include "node/command_dev_server.hpp"
#include "node/command_run.hpp"
#include "node/command_send.hpp"
#include "node/command_sign.hpp"
#include "node/letter_delivery.hpp"

#include "config/text.hpp"
#include "telemetry/version.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <csignal>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::node {

namespace {

/// True, and said, if the first argument is meant as a command and is none:
/// CLI11 would only say that one is required.
bool refuse_unknown_command(const CLI::App& app, int argc, char** argv) {
  const std::string_view word = argc > 1 ? argv[1] : "";
  if (word.empty() || word.starts_with('-'))
    return false;
  const auto commands = app.get_subcommands(nullptr);
  std::vector<std::string_view> names;
  for (const auto* each : commands)
    names.emplace_back(each->get_name());
  if (std::ranges::find(names, word) != names.end())
    return false;
  std::cerr << "mfo-node: no such command: " << word;
  if (const auto meant = config::nearest(word, names))
    std::cerr << "; did you mean " << *meant << '?';
  std::cerr << "\nRun with --help for more information.\n";
  return true;
}

tl::expected<config::dead_letter_settings, command_failure>
load_dead_letters(const std::string& config_file) {
  return load_settings(config_file).map([](const auto& settings) {
    return settings.dead_letters;
  });
}

exit_status run_command_line(int argc, char** argv) {
  CLI::App app{"Takes events in, proves them, and delivers them to an MFO "
               "server.",
               "mfo-node"};
  app.set_version_flag("--version",
                       "mfo-node " + std::string{telemetry::version});
  app.require_subcommand(1);
  auto status = exit_status::ok;
  add_run_command(app, status);
  add_check_command(app, status);
  add_dev_server_command(app, status);
  add_sign_command(app, status);
  add_send_command(app, status);
  add_call_command(app, status);
  add_dead_letters_command(
      app, status, {.load = load_dead_letters, .connect = connect_letters});
  if (refuse_unknown_command(app, argc, argv))
    return exit_status::usage;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? exit_status::ok : exit_status::usage;
  }
  return status;
}

} // namespace

} // namespace mfo::node

int main(int argc, char** argv) {
  // A sender that hangs up is an error of a write, not the end of the node.
  std::signal(SIGPIPE, SIG_IGN);
  auto status = mfo::node::exit_status::gave_up;
  try {
    status = mfo::node::run_command_line(argc, argv);
  } catch (const std::exception& failure) {
    std::cerr << "mfo-node: " << failure.what() << '\n';
  }
  return static_cast<int>(status);
}
