#pragma once

#include "config/settings.hpp"
#include "core/admission.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

/// What the parts of a node are put together with.
namespace mfo::node {

/// The labels of the ledger, in its order.
std::vector<std::string> endpoint_ids(const config::settings& settings);

/// What each endpoint may hold: no more than its server does, so that what
/// would find no place there is refused before it is acknowledged.
std::vector<std::shared_ptr<core::admission>>
rooms_of_endpoints(const config::settings& settings,
                   const std::shared_ptr<core::admission>& whole);

std::chrono::seconds unix_now();

} // namespace mfo::node
