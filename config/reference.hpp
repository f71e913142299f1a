#pragma once

#include <string>

namespace mfo::config {

/// docs/reference/configuration.md, made from the tables of config/schema.hpp.
[[nodiscard]] std::string reference_markdown();

} // namespace mfo::config
