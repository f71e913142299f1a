#pragma once

#include "node/command.hpp"
#include "node/command_action.hpp"

#include "config/dead_letter_settings.hpp"
#include "dead_letters/replay.hpp"

#include <CLI/App.hpp>
#include <tl/expected.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mfo::node {

/// Asks whoever is at the terminal; nothing when nobody is.
std::optional<bool> ask_at_terminal(const std::string& question);

/// Whether standard error is a terminal.
bool is_error_terminal();

/// What the command needs of the rest of the node.
struct dead_letters_seam {
  /// The sinks that a configuration file names.
  std::function<tl::expected<config::dead_letter_settings, command_failure>(
      const std::string& file)>
      load;
  /// Delivers to the servers and taskflows of a configuration file, with these
  /// answers to questions (TASK=TEXT). Each call blocks until the letter is
  /// taken or given up.
  std::function<tl::expected<dead_letters::deliver_function, command_failure>(
      const std::string& file, const std::vector<std::string>& answers)>
      connect;
  std::function<std::optional<bool>(const std::string& question)> confirm =
      ask_at_terminal;
  bool draws_bar = is_error_terminal();
  /// The ids of the endpoints of a configuration file, if it can be read.
  std::function<std::vector<std::string>(const std::string& file)> endpoints =
      [](const std::string&) {
        return std::vector<std::string>{};
      };
};

/// `mfo-node dead-letters list|show|replay|purge`: what became of events that
/// were acknowledged and could not be delivered, and what is to become of them.
/// `not_accepted` where a letter could not be delivered, or the one that is
/// named is not there; `cannot_start` where a sink cannot be read. Both
/// references must live until the command line is parsed.
void add_dead_letters_command(CLI::App& app, command_action& chosen,
                              dead_letters_seam seam);

} // namespace mfo::node
