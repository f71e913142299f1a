#pragma once

#include "node/exit_status.hpp"

#include "config/environment.hpp"
#include "config/load.hpp"
#include "config/settings.hpp"
#include "taskflow/definition.hpp"

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <vector>

/// What the commands share.
namespace mfo::node {

/// Why a command ends early: one line for standard error (with `\n` between
/// several problems of a file), and the exit status.
struct command_failure {
  exit_status status;
  std::string reason;
};

tl::unexpected<command_failure> failure(exit_status status, std::string reason);

/// A configuration file, and the workflows that it names.
struct configuration {
  config::settings settings; ///< with the endpoints of triggers
  std::vector<taskflow::workflow_ptr> workflows;
  /// Files and folders that it was read from: if one of them changes, it may
  /// be another.
  std::vector<std::string> sources{};
};

/// The same of a file of this kind, or every problem of it and of them.
tl::expected<configuration, command_failure> load_configuration(
    const std::string& path,
    const config::environment& variables = config::process_environment(),
    config::source_kind kind = config::source_kind::any);

/// Its settings alone.
tl::expected<config::settings, command_failure>
load_settings(const std::string& path);

/// The bytes of a file, or of standard input for "-"; 64 MiB at most.
tl::expected<std::string, command_failure> read_body(const std::string& path);

/// Writes a file anew.
tl::expected<void, command_failure> write_file(const std::string& path,
                                               std::string_view text);

/// What a file holds, less the line break that editors put at its end; without
/// a file's name what the environment variable does, "" where it is not set.
tl::expected<std::string, command_failure>
read_secret(const std::string& file, const std::string& variable);

/// Writes the reason to standard error; gives the exit status.
exit_status report(std::string_view command, const command_failure& failure);

} // namespace mfo::node
