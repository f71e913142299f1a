#pragma once

#include "devserver/replies.hpp"
#include "node/command.hpp"

#include <CLI/App.hpp>
#include <tl/expected.hpp>

#include <string>
#include <vector>

/// What a server that stands in for MFO is to answer.
namespace mfo::node {

/// --replies FILE, any number of times. `target` must live until the command
/// line is parsed.
CLI::Option* add_replies_option(CLI::App& command,
                                std::vector<std::string>& target);

/// What the files say, the first one first, or every mistake in one of them.
tl::expected<devserver::replies, command_failure>
load_replies(const std::vector<std::string>& files);

} // namespace mfo::node
