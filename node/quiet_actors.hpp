#pragma once

#include <caf/actor_system_config.hpp>

namespace mfo::node {

/// Of a command that only waits for what it began: one thread is enough.
struct quiet_actors : caf::actor_system_config {
  quiet_actors() {
    set("scheduler.max-threads", std::size_t{1});
  }
};

} // namespace mfo::node
