#pragma once

#include "config/settings.hpp"
#include "core/admission.hpp"
#include "http/admin.hpp"
#include "http/client.hpp"
#include "http/listener.hpp"
#include "telemetry/log.hpp"
#include "telemetry/upstream_health.hpp"

#include <prometheus/metric_family.h>

#include <vector>

namespace mfo::node {

/// The parts of a running node that say how it is. Owned by the node, which
/// outlives whoever asks; each may be asked on any thread.
struct status_parts {
  const config::settings& settings;
  const core::admission& admission;
  const telemetry::upstream_health& upstream;
  const telemetry::log& log;
  const http::client& client;
  const http::listener& listener;
};

/// The lines of `GET /health`.
std::vector<http::health_check> health_checks(const status_parts& parts);

/// The gauges that are read at each scrape.
std::vector<prometheus::MetricFamily> gauges(const status_parts& parts);

} // namespace mfo::node
