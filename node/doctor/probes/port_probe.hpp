#pragma once

#include "node/doctor/rules/ports.hpp"

#include "config/listen_address.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mfo::node::doctor {

/// Takes the address as the node would, and lets go of it at once, so that
/// nobody is ever accepted there. Of one that is in use: by whom, as far as
/// this process may see.
[[nodiscard]] port_seen look_at_port(const std::string& subject,
                                     const config::listen_address& address);

/// The processes of this network namespace that listen at this port of TCP, by
/// /proc: those of other users are seen by root alone.
[[nodiscard]] std::vector<process> listeners_at(std::uint16_t port);

} // namespace mfo::node::doctor
