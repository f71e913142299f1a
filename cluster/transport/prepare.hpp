#pragma once

#include <caf/fwd.hpp>

#include <chrono>

namespace mfo::cluster {

/// How CAF notices by itself that a peer is gone. On all nodes alike.
struct heartbeat_settings {
  std::chrono::milliseconds interval{1000};
  /// A link on which no whole message came for so long is closed.
  std::chrono::milliseconds timeout{5000};
};

/// Sets an actor system up for a transport: CAF's middleman with heartbeats, no
/// connections of its own making, and a random node id. To be called once,
/// before the actor system is made.
void prepare(caf::actor_system_config& config,
             const heartbeat_settings& heartbeat = {});

} // namespace mfo::cluster
