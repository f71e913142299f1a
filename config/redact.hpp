#pragma once

#include "config/settings.hpp"

#include <string>

namespace mfo::config {

/// The effective settings as YAML in the long form, every default filled in
/// and `***` in place of every secret. It loads again as the same settings but
/// for the secrets.
[[nodiscard]] std::string redacted_yaml(const settings& values);

} // namespace mfo::config
