#pragma once

#include "devserver/replies.hpp"
#include "node/command.hpp"

#include <CLI/App.hpp>
#include <tl/expected.hpp>

#include <string>

/// What a server that stands in for MFO is to answer.
namespace mfo::node {

/// --replies FILE. `target` must live until the command line is parsed.
CLI::Option* add_replies_option(CLI::App& command, std::string& target);

/// What the file says, or every mistake in it; nothing where it has no name.
tl::expected<devserver::replies, command_failure>
load_replies(const std::string& file);

} // namespace mfo::node
