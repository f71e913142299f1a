#pragma once

#include "node/cluster_seat.hpp"
#include "node/server_link.hpp"

#include "actors/flow_report.hpp"
#include "actors/letter_office.hpp"
#include "config/settings.hpp"
#include "core/admission.hpp"
#include "http/admin.hpp"
#include "http/listener.hpp"
#include "outbound/http_caller.hpp"
#include "telemetry/log.hpp"

#include <prometheus/metric_family.h>

#include <cstddef>
#include <vector>

namespace mfo::node {

/// The parts of a running node that say how it is. Owned by the node, which
/// outlives whoever asks; each may be asked on any thread.
struct status_parts {
  const config::settings& settings;
  const core::admission& admission;
  const std::vector<server_link>& servers;
  const actors::letter_office* office; ///< null: there is none
  const telemetry::log& log;
  const http::listener& listener;
  const actors::flow_report& flows;
  const outbound::http_caller& calls;
  std::size_t in_line;         ///< events that wait for those of their key
  const cluster_seat* cluster; ///< null: the node is alone
};

/// The lines of `GET /health`.
std::vector<http::health_check> health_checks(const status_parts& parts);

/// The gauges that are read at each scrape.
std::vector<prometheus::MetricFamily> gauges(const status_parts& parts);

} // namespace mfo::node
