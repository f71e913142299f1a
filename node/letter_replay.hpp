#pragma once

#include "node/dead_letter_options.hpp"
#include "node/exit_status.hpp"

#include "dead_letters/replay.hpp"

#include <CLI/App.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace mfo::node {

struct replay_arguments {
  double rate = 0;
  bool dry_run = false;
  bool yes = false;
  std::vector<std::string> answers; ///< TASK=TEXT
};

/// --rate, --dry-run, --yes, --answer.
void add_replay_options(CLI::App& command, replay_arguments& given);

/// Says on standard error that a sink keeps what is no letter, if it does.
void report_unreadable(const std::string& sink,
                       const dead_letters::walk_report& walk);

/// `mfo-node dead-letters replay`, once it is clear what is meant: goes over
/// the sinks, shows how far it is, and stops between two letters on SIGINT and
/// SIGTERM; the second ends the program.
class letter_replay {
public:
  /// `total`: letters that are expected. `draws_bar`: on standard error, else
  /// each letter is a line on standard output; failures always are lines.
  letter_replay(const replay_arguments& given, std::size_t total,
                dead_letters::deliver_function deliver, bool draws_bar);

  exit_status run(const std::vector<named_reader>& readers,
                  dead_letters::filter which);

private:
  using clock = dead_letters::replay_tools::clock;

  void show(const dead_letters::replay_report& so_far,
            const dead_letters::letter& value,
            const dead_letters::done& result);
  void draw(const dead_letters::replay_report& so_far);
  void erase_bar();

  replay_arguments given_;
  std::size_t total_;
  bool draws_bar_;
  dead_letters::replay_tools tools_;
  dead_letters::replay_report all_; ///< of the sinks that are done
  clock::time_point drawn_{};
  bool has_bar_ = false;
};

} // namespace mfo::node
