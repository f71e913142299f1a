#pragma once

#include "node/doctor/finding.hpp"

#include "config/document.hpp"

#include <sys/types.h>

#include <string>
#include <vector>

namespace mfo::node::doctor {

/// A file that nobody else should read.
struct secret_file {
  std::string subject; ///< the key that names it
  std::string path;
};

/// What a configuration says of secrets and where they are.
struct secret_places {
  std::vector<secret_file> files; ///< secrets, and private keys
  bool has_secrets = false;       ///< some stand in the configuration itself
};

/// Of the document of a configuration; relative paths start at its folder.
[[nodiscard]] secret_places find_secret_places(const config::node& document,
                                               const std::string& config_file);

/// Of a file with this mode, as stat(2) gives it.
[[nodiscard]] finding judge_secret_file(const secret_file& file, mode_t mode);

} // namespace mfo::node::doctor
