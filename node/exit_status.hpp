#pragma once

namespace mfo::node {

/// How a command ended; the process's exit status. From 64 on they are those
/// of sysexits.h. docs/reference/command-line.md tells them to the user.
enum class exit_status : int {
  ok = 0,
  /// `send`: the node answered something else than 2xx. `dead-letters`: a
  /// letter was not delivered, is not there, or the answer was no. `taskflow`:
  /// the node refused, was not reached, or the run did not succeed.
  not_accepted = 1,
  usage = 64,    ///< EX_USAGE: an option, an argument
  no_input = 66, ///< EX_NOINPUT: a file that the command line names
  /// EX_UNAVAILABLE: a port in use, a sink that is down, standard output that
  /// takes nothing.
  cannot_start = 69,
  /// EX_SOFTWARE: an actor failed too often, or an event that was in flight
  /// when the time to drain was over is neither delivered nor kept.
  gave_up = 70,
  out_of_memory = 71, ///< EX_OSERR: it cannot have the memory that it needs
  bad_config = 78,    ///< EX_CONFIG: the configuration file
};

} // namespace mfo::node
