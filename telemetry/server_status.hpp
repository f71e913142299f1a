#pragma once

#include "core/circuit_breaker.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace mfo::telemetry {

/// How the calls to one server stand at this moment: written by its connector,
/// read by whoever asks. Each number is current on its own. Thread-safe.
struct server_status {
  server_status(std::string server_name, std::size_t server_index)
    : name(std::move(server_name)), index(server_index) {}

  const std::string name;
  const std::size_t index; ///< of the server in the metrics
  std::atomic<core::breaker_state> circuit{core::breaker_state::closed};
  std::atomic<std::size_t> in_flight{0}; ///< calls on the wire
  std::atomic<std::size_t> waiting{0};   ///< held, and not on the wire
  std::atomic<std::size_t> limit{0};     ///< of `in_flight`, at the moment
};

using server_status_ptr = std::shared_ptr<server_status>;

} // namespace mfo::telemetry
