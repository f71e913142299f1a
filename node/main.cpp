#include "node/command_dev_server.hpp"
#include "node/command_run.hpp"
#include "node/command_send.hpp"
#include "node/command_sign.hpp"
#include "telemetry/version.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <exception>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
  // A sender that hangs up is an error of a write, not the end of the node.
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app{"Takes events in, proves them, and delivers them to an MFO "
               "server.",
               "mfo-node"};
  app.set_version_flag("--version",
                       "mfo-node " + std::string{mfo::telemetry::version});
  app.require_subcommand(1);
  int exit_code = 0;
  mfo::node::add_run_command(app, exit_code);
  mfo::node::add_check_command(app, exit_code);
  mfo::node::add_dev_server_command(app, exit_code);
  mfo::node::add_sign_command(app, exit_code);
  mfo::node::add_send_command(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : 64; // EX_USAGE
  } catch (const std::exception& failure) {
    std::cerr << "mfo-node: " << failure.what() << '\n';
    return 70; // EX_SOFTWARE
  }
  return exit_code;
}
