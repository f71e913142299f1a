#pragma once

#include "telemetry/history.hpp"

#include <functional>
#include <memory>
#include <string>

namespace mfo::http {

/// What the admin listener needs of the node to show how it is. Where `history`
/// is set, all is. Asked on the admin thread; each gives a JSON object, as
/// docs/reference/admin.md has it.
struct view_control {
  std::shared_ptr<const telemetry::history> history; ///< null: no paths for it
  std::function<std::string()> overview{};
  /// The configuration in force, without its secrets.
  std::function<std::string()> config{};
  /// Workflows with their graphs.
  std::function<std::string()> taskflows{};
};

} // namespace mfo::http
