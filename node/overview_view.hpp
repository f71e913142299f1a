#pragma once

#include "node/flow_books.hpp"
#include "node/since_watch.hpp"
#include "node/status.hpp"

#include "core/envelope.hpp"
#include "http/node_state.hpp"
#include "telemetry/history.hpp"
#include "telemetry/metrics.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::node {

/// What the overview is made of. All of it may be asked on any thread.
struct overview_parts {
  const status_parts& status;
  const telemetry::metrics& metrics;
  const telemetry::history& history;
  const since_watch& since;
  const flow_books& books;
  http::node_phase phase;
  std::string_view node_name;
  std::string_view instance;
  std::chrono::steady_clock::time_point began; ///< the node
  core::instant now;
};

/// The answer to `GET /api/v1/overview`, a JSON object: how the node is, in a
/// few numbers, and all that is wrong with it.
[[nodiscard]] std::string overview_json(const overview_parts& parts);

/// The answer to `GET /api/v1/config`, likewise: what is in force, with every
/// default and without secrets.
[[nodiscard]] std::string config_json(const generation& in_force);

/// The circuits of the servers that the node calls, for since_watch.
[[nodiscard]] std::vector<since_watch::circuit>
circuits(const std::vector<server_link>& servers);

} // namespace mfo::node
