#pragma once

#include "node/cluster_seat.hpp"
#include "node/gatherer.hpp"

#include "http/admin.hpp"

namespace mfo::node {

/// All that telemetry/cluster_metric_table.hpp has.
void gather_cluster(const cluster_seat& seat, gatherer& into);

/// The line of `GET /health`: good as long as nobody is dead.
[[nodiscard]] http::health_check check_cluster(const cluster_seat& seat);

} // namespace mfo::node
