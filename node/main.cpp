#include "node/command_call.hpp"
#include "node/command_cluster.hpp"
#include "node/command_dead_letters.hpp"
#include "node/command_dev_server.hpp"
#include "node/command_doctor.hpp"
#include "node/command_events.hpp"
#include "node/command_health.hpp"
#include "node/command_record.hpp"
#include "node/command_reload.hpp"
#include "node/command_run.hpp"
#include "node/command_send.hpp"
#include "node/command_sign.hpp"
#include "node/command_status.hpp"
#include "node/heap.hpp"
#include "node/letter_delivery.hpp"
#include "node/shell/command_shell.hpp"
#include "node/signals.hpp"
#include "node/standard_output.hpp"
#include "node/taskflow/command_taskflow.hpp"
#include "node/testing/command_test.hpp"

#include "config/text.hpp"
#include "telemetry/version.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <tl/expected.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <exception>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace mfo::node {

namespace {

/// The command, or its own, whose words were read last.
const CLI::App* innermost(const CLI::App* app) {
  for (auto chosen = app->get_subcommands(); !chosen.empty();
       chosen = app->get_subcommands())
    app = chosen.front();
  return app;
}

/// The words of the command that were read: "taskflow runs".
std::string command_in(const CLI::App& app) {
  std::string words;
  for (auto chosen = app.get_subcommands(); !chosen.empty();
       chosen = chosen.front()->get_subcommands())
    words.append(words.empty() ? "" : " ").append(chosen.front()->get_name());
  return words;
}

/// What CLI11 has not understood, where it only says what it misses: a word
/// for no command, say.
std::string explain(const CLI::App& app) {
  const auto left = app.remaining(true);
  if (left.empty())
    return {};
  const auto& word = left.front();
  std::vector<std::string_view> names;
  for (const auto* each : innermost(&app)->get_subcommands(nullptr))
    names.emplace_back(each->get_name());
  if (word.starts_with('-') || names.empty())
    return "not expected: " + word;
  if (const auto meant = config::nearest(word, names))
    return fmt::format("no such command: {}; did you mean {}?", word, *meant);
  return fmt::format("no such command: {}; there are: {}", word,
                     fmt::join(names, ", "));
}

tl::expected<config::dead_letter_settings, command_failure>
load_dead_letters(const std::string& config_file) {
  return load_settings(config_file).map([](const auto& settings) {
    return settings.dead_letters;
  });
}

std::vector<std::string> endpoints_in(const std::string& config_file) {
  std::vector<std::string> ids;
  if (const auto settings = load_settings(config_file))
    for (const auto& each : settings->endpoints)
      ids.push_back(each.id);
  return ids;
}

/// Names of their own that two commands are installed by.
const std::map<std::string, std::vector<std::string>, std::less<>> aliases{
    {"yaml-validator", {"taskflow", "check"}},
    {"taskflow-visualizer", {"taskflow", "graph"}}};

/// What follows the name of the program; what its name stands for comes first.
std::vector<std::string> words_of(int argc, char** argv) {
  std::vector<std::string> words;
  if (argc == 0)
    return words;
  if (const auto found =
          aliases.find(std::filesystem::path{argv[0]}.filename().string());
      found != aliases.end())
    words = found->second;
  words.insert(words.end(), argv + 1, argv + argc);
  return words;
}

struct known_command {
  std::string_view name;
  void (*add)(CLI::App&, command_action&);
};

/// In the order in which help tells of them.
constexpr std::array known_commands{
    known_command{"run", add_run_command},
    known_command{"check", add_check_command},
    known_command{"doctor", add_doctor_command},
    known_command{"dev-server", add_dev_server_command},
    known_command{"sign", add_sign_command},
    known_command{"send", add_send_command},
    known_command{"call", add_call_command},
    known_command{"dead-letters",
                  [](CLI::App& app, command_action& chosen) {
                    add_dead_letters_command(app, chosen,
                                             {.load = load_dead_letters,
                                              .connect = connect_letters,
                                              .endpoints = endpoints_in});
                  }},
    known_command{"taskflow", add_taskflow_command},
    known_command{"test", add_test_command},
    known_command{"record", add_record_command},
    known_command{"cluster",
                  [](CLI::App& app, command_action& chosen) {
                    add_cluster_command(app, chosen);
                  }},
    known_command{"status", add_status_command},
    known_command{"events", add_events_command},
    known_command{"endpoints", add_endpoints_command},
    known_command{"reload", add_reload_command},
    known_command{"drain", add_drain_command},
    known_command{"health", add_health_command}};

/// All commands, or the one alone that the first word names: nothing is said of
/// the others then, and making them is time and memory that a node can spare.
void add_commands(CLI::App& app, command_action& chosen,
                  std::string_view first_word) {
  const auto* const named =
      std::ranges::find(known_commands, first_word, &known_command::name);
  if (named != known_commands.end())
    return named->add(app, chosen);
  for (const auto& each : known_commands)
    each.add(app, chosen);
  add_shell_commands(app, chosen);
}

/// What the command line asks for.
struct invocation {
  std::string command; ///< its words: "taskflow runs"
  command_action action;
};

/// Where it is wrong that is said, and the status is how the program ends. Help
/// is given here, and leaves nothing to do.
tl::expected<invocation, exit_status>
read_command_line(std::vector<std::string> words) {
  CLI::App app{"Takes events in, proves them, and delivers them to an MFO "
               "server.",
               "mfo-node"};
  app.set_version_flag("--version",
                       "mfo-node " + std::string{telemetry::version});
  app.require_subcommand(1);
  command_action chosen = [] {
    return exit_status::ok;
  };
  add_commands(app, chosen, words.empty() ? std::string{} : words.front());
  try {
    std::ranges::reverse(words); // as CLI11 wants them
    app.parse(std::move(words));
  } catch (const CLI::ParseError& problem) {
    if (const auto reason = explain(app);
        !reason.empty() && dynamic_cast<const CLI::RequiredError*>(&problem))
      std::cerr << "mfo-node: " << reason << '\n';
    if (app.exit(problem) != 0)
      return tl::unexpected{exit_status::usage};
  }
  return invocation{command_in(app), std::move(chosen)};
}

exit_status run_command_line(int argc, char** argv) {
  const auto asked = read_command_line(words_of(argc, argv));
  if (!asked)
    return asked.error();
  auto status = exit_status::ok;
  try {
    status = asked->action();
  } catch (const std::system_error& problem) {
    if (!has_lost_output())
      throw;
    return ended_by_printing(asked->command, problem.code());
  }
  // What a node writes there is its log, which may be lost and no event is.
  if (asked->command == "run")
    return status;
  return after_printing(asked->command, status);
}

} // namespace

} // namespace mfo::node

int main(int argc, char** argv) {
  mfo::node::end_when_out_of_memory();
  // A sender that hangs up is an error of a write, not the end of the node.
  std::signal(SIGPIPE, SIG_IGN);
  // Who starts a node does not know how far it is when they signal it.
  if (argc > 1 && std::string_view{argv[1]} == "run")
    mfo::node::hear_early_signals();
  auto status = mfo::node::exit_status::gave_up;
  try {
    status = mfo::node::run_command_line(argc, argv);
  } catch (const std::exception& failure) {
    std::cerr << "mfo-node: " << failure.what() << '\n';
  }
  return static_cast<int>(status);
}
