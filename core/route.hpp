#pragma once

#include <memory>
#include <string>

namespace mfo::core {

/// What is to be done with an event, as the router decides it.
struct route {
  /// Name of the server that the event is forwarded to.
  std::string server;
};

using route_ptr = std::shared_ptr<const route>;

} // namespace mfo::core
