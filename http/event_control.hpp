#pragma once

#include "telemetry/event_book.hpp"

#include <functional>
#include <memory>
#include <string>

namespace mfo::http {

/// What the admin listener needs of the node's events. Where `book` is set, all
/// is; asked on the admin thread.
struct event_control {
  std::shared_ptr<const telemetry::event_book> book; ///< null: no paths for it

  /// The endpoints that are in force, a JSON object.
  std::function<std::string()> endpoints{};
};

} // namespace mfo::http
