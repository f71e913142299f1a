#include "cluster/transport/prepare.hpp"

#include "cluster/transport/node_identity.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/io/middleman.hpp>

namespace mfo::cluster {

void prepare(caf::actor_system_config& config,
             const heartbeat_settings& heartbeat) {
  config.load<caf::io::middleman>();
  wire::use_random_node_id(config);
  config.set("middleman.heartbeat-interval", caf::timespan{heartbeat.interval});
  config.set("middleman.connection-timeout", caf::timespan{heartbeat.timeout});
  config.set("middleman.enable-automatic-connections", false);
}

} // namespace mfo::cluster
