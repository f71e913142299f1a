#pragma once

#include "config/settings.hpp"
#include "core/admission.hpp"
#include "telemetry/otlp_json.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

/// What the parts of a node are put together with.
namespace mfo::node {

/// The labels of the ledger, in its order.
std::vector<std::string> endpoint_ids(const config::settings& settings);

/// What the servers hold, by their names.
using server_rooms =
    std::map<std::string, std::shared_ptr<core::admission>, std::less<>>;

/// Rooms within `whole`.
[[nodiscard]] server_rooms
rooms_of_servers(const config::settings& settings,
                 const std::shared_ptr<core::admission>& whole);

/// The same after `before`: a server that is as it was has the room that it
/// had.
[[nodiscard]] server_rooms
rooms_of_servers(const config::settings& settings,
                 const std::shared_ptr<core::admission>& whole,
                 const config::settings& before, const server_rooms& former);

/// What each endpoint may hold: no more than its server does, so that what
/// would find no place there is refused before it is acknowledged.
[[nodiscard]] std::vector<std::shared_ptr<core::admission>>
rooms_of_endpoints(const config::settings& settings, const server_rooms& all);

/// What this process is known by, and no other: 128 random bits, in hex.
[[nodiscard]] std::string new_instance();

/// Random numbers in [0, 1). Not thread-safe: for one owner.
[[nodiscard]] std::function<double()> uniform_source();

/// What a tracing system is told of this node, but for the service's name.
[[nodiscard]] telemetry::span_resource resource_of(const std::string& node_name,
                                                   const std::string& instance);

} // namespace mfo::node
