#pragma once

#include "node/exit_status.hpp"

#include <string_view>
#include <system_error>

/// Whether what a command printed has arrived. Commands print with std::cout or
/// fmt::print and look at nothing; `main` asks this once, for all of them.
namespace mfo::node {

/// How a command ends that has ended with `status`: what is still to be written
/// is, and `ok` becomes `cannot_start`, with a line on standard error, where
/// something of it did not arrive, as on a full disk. Who has stopped reading
/// has enough. `command`: its words, or "" of the program itself.
[[nodiscard]] exit_status after_printing(std::string_view command,
                                         exit_status status);

/// The same of one that fmt::print has ended by `problem`.
[[nodiscard]] exit_status ended_by_printing(std::string_view command,
                                            const std::error_code& problem);

/// Whether a write to standard output has failed so far.
[[nodiscard]] bool has_lost_output() noexcept;

} // namespace mfo::node
