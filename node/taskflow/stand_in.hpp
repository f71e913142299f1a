#pragma once

#include "config/settings.hpp"
#include "devserver/server.hpp"
#include "node/command.hpp"

#include <CLI/App.hpp>
#include <tl/expected.hpp>

#include <memory>
#include <string>
#include <vector>

/// The server of a run's own, which stands in for MFO.
namespace mfo::node {

struct stand_in_arguments {
  std::vector<std::string> replies; ///< files
  std::string listen = "127.0.0.1:0";
};

/// --replies and --listen, neither of which goes with `config`. `target` must
/// live until the command line is parsed.
void add_stand_in_options(CLI::App& command, stand_in_arguments& target,
                          CLI::Option& config);

/// Starts it, and lets `settings.http_call` reach it and nothing else.
tl::expected<std::unique_ptr<devserver::server>, command_failure>
start_stand_in(const stand_in_arguments& given, config::settings& settings);

} // namespace mfo::node
