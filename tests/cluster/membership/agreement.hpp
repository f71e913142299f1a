#pragma once

#include "tests/cluster/membership/simulated_network.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mfo::cluster::test {

/// `node-000`, `node-001`, …
std::vector<std::string> names_of(std::size_t count);

/// Starts them all at once. All have the first `seed_count` as seeds.
void start_all(simulated_network& network,
               const std::vector<std::string>& names, std::size_t seed_count);

/// Whether each live node shows exactly the live ones as alive, has one link
/// with each, and sends the same table as all others.
testing::AssertionResult agree(simulated_network& network);

/// When `observer` first reported `state` of `member`, at `since` or later.
std::optional<simulated_network::time>
first_report(const simulated_network& network, const std::string& observer,
             const std::string& member, member_state state,
             simulated_network::time since);

/// How often anybody reported `state` of anybody.
std::size_t reports_of(const simulated_network& network, member_state state);

} // namespace mfo::cluster::test
