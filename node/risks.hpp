#pragma once

#include "config/settings.hpp"
#include "telemetry/log.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mfo::node {

/// A setting that lets in more than is usual, and that may be meant so.
struct risk {
  std::string_view text;
  /// Where, for the log: a name and a value each; two at the most.
  std::vector<std::pair<std::string_view, std::string>> where;
  std::string_view remedy; ///< unless it is meant
};

[[nodiscard]] std::vector<risk> find_risks(const config::settings& settings);

/// Writes a warning for each.
void warn_of_risks(const config::settings& settings, telemetry::log& log);

} // namespace mfo::node
