#pragma once

#include "node/shell/command_tree.hpp"

#include <string>

/// Scripts that complete the words of a command line: commands, options, the
/// words that an option takes, and files and folders where it takes these. They
/// complete the names that commands have of their own, too, and need nothing
/// but the shell.
namespace mfo::node {

/// For `source`, or a file in share/bash-completion/completions.
[[nodiscard]] std::string bash_completion(const described_command& program);

/// For a file `_mfo-node` in a folder of zsh's `fpath`.
[[nodiscard]] std::string zsh_completion(const described_command& program);

} // namespace mfo::node
