#pragma once

#include "actors/interfaces.hpp"

#include <string>

namespace mfo::actors {

/// In the place of a connector on a node that does not call servers itself:
/// peers make the calls of this server, by way of the hub. It holds nothing,
/// and has no subscriptions, which are for whoever calls the server.
mfo_connector_actor::behavior_type
remote_connector(mfo_connector_actor::pointer self, const std::string& server,
                 const sharing_actor& hub);

} // namespace mfo::actors
