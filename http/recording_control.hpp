#pragma once

#include "config/settings.hpp"
#include "http/recorder.hpp"

#include <functional>
#include <memory>
#include <string>

namespace mfo::http {

/// What the admin listener needs to have requests recorded. Where `by` is set,
/// all is; asked on the admin thread.
struct recording_control {
  std::shared_ptr<recorder> by; ///< null: no path for it
  /// Those that are in force.
  std::function<config::recording_settings()> settings{};
  /// Whether requests come in by this endpoint.
  std::function<bool(const std::string& endpoint)> knows{};
};

} // namespace mfo::http
