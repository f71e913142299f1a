#pragma once

#include "config/diagnostic.hpp"
#include "config/environment.hpp"
#include "taskflow/definition.hpp"

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace mfo::taskflow {

/// What can be wrong with a workflow is told all at once, in the order of the
/// file.
using load_result = tl::expected<workflow_ptr, std::vector<config::diagnostic>>;

/// Of a file that is only looked at: the secrets that are not to be had here,
/// and why.
using absent_secrets = std::vector<config::diagnostic>;

/// `file_name` stands in diagnostics; files that the text names (secrets,
/// prompts, schemas) are looked for from its folder. `variables` are those of
/// the secrets' `env`.
///
/// With `absent` a secret that is not to be had is noted there, and is no
/// mistake; what has such a secret must not be run.
[[nodiscard]] load_result load_text(std::string_view text,
                                    const std::string& file_name,
                                    const config::environment& variables,
                                    absent_secrets* absent = nullptr);

/// A file, 1 MiB at most.
[[nodiscard]] load_result load_file(const std::string& file_name,
                                    const config::environment& variables,
                                    absent_secrets* absent = nullptr);

} // namespace mfo::taskflow
