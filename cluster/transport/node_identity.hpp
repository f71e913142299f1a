#pragma once

#include <caf/fwd.hpp>
#include <caf/node_id.hpp>

#include <string>
#include <string_view>

namespace mfo::cluster::wire {

/// Gives the actor systems of this configuration a random node id each.
///
/// CAF 0.17.6 makes one of the host's MAC addresses, its root disk and the
/// process's number, which are the same in two containers made of one image:
/// such nodes would take each other for themselves.
void use_random_node_id(caf::actor_system_config& config);

/// Whether the configuration of this system was made so.
[[nodiscard]] bool has_random_node_id(const caf::actor_system& system);

/// The id that a peer's handshake has; none where it cannot be read.
[[nodiscard]] caf::node_id node_id_of(caf::actor_system& system,
                                      std::string_view bytes);

/// The id of this system as a handshake of BASP has it.
[[nodiscard]] std::string node_id_bytes(caf::actor_system& system);

} // namespace mfo::cluster::wire
