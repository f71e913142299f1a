#pragma once

#include "node/doctor/rules/peers.hpp"

#include "cluster/transport/transport_settings.hpp"
#include "config/listen_address.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace mfo::node::doctor {

/// Links to each of these numeric addresses as the node would, says hello as a
/// visitor (visit_card), and hears the answer. Nobody is dialled that was not
/// named, and all links are gone afterwards. The error is what is wrong with
/// the files of `settings`, whose `listen` is not used.
[[nodiscard]] tl::expected<std::vector<peer_seen>, std::string>
visit_peers(cluster::transport_settings settings, const cluster::hello& visitor,
            const std::vector<config::listen_address>& peers,
            std::chrono::steady_clock::time_point deadline);

} // namespace mfo::node::doctor
