#pragma once

#include "node/doctor/finding.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::node::doctor {

/// A check, by its stable name, and all that it found: never nothing.
struct checked {
  std::string_view name;
  findings found;
};

struct tally {
  std::size_t ok = 0;
  std::size_t warnings = 0;
  std::size_t failed = 0;
  std::size_t left_out = 0;
};

[[nodiscard]] tally count(const std::vector<checked>& all);

/// A line each, remedies on lines of their own below them, and how many of
/// which there are. Safe for a terminal, whatever was found.
[[nodiscard]] std::string to_text(const std::vector<checked>& all);

/// The same for programs.
[[nodiscard]] nlohmann::json to_json(const std::string& config_file,
                                     const std::vector<checked>& all);

} // namespace mfo::node::doctor
