#pragma once

#include "config/diagnostic.hpp"
#include "config/settings.hpp"

#include <optional>
#include <string>

namespace mfo::node {

/// What is wrong with the CA file of `http_call`, at the place where the
/// configuration file names it. `settings` are those of the file.
[[nodiscard]] std::optional<config::diagnostic>
check_http_call_files(const std::string& config_file,
                      const config::settings& settings);

} // namespace mfo::node
