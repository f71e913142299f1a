#pragma once

#include "node/cluster_seat.hpp"
#include "node/generation.hpp"

#include "core/admission.hpp"
#include "http/admin.hpp"
#include "http/dependency.hpp"
#include "http/listener.hpp"
#include "telemetry/log.hpp"

#include <prometheus/metric_family.h>

#include <cstddef>
#include <memory>
#include <vector>

namespace mfo::node {

/// The parts of a running node that say how it is. Owned by the node, which
/// outlives whoever asks, or kept by this; each may be asked on any thread.
struct status_parts {
  std::shared_ptr<const generation> in_force;
  generation_list all; ///< what came in under any of them is counted
  const core::admission& admission;
  const telemetry::log& log;
  const http::listener& listener;
  std::size_t in_line;         ///< events that wait for those of their key
  const cluster_seat* cluster; ///< null: the node is alone
  std::vector<http::source> sources; ///< as of the last look
};

/// How the calls to a server go.
http::health_check check_server(const server_link& server);

/// The lines of `GET /health`.
std::vector<http::health_check> health_checks(const status_parts& parts);

/// The gauges that are read at each scrape.
std::vector<prometheus::MetricFamily> gauges(const status_parts& parts);

} // namespace mfo::node
