#pragma once

#include "http/origin.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace mfo::http {

/// How a client treats its origin. The fields mean what the fields of
/// config::upstream_settings of the same names mean.
struct client_config {
  origin server;
  std::chrono::milliseconds connect_timeout{2'000}; ///< DNS, TCP and TLS
  std::size_t max_connections = 64;                 ///< at least 1
  std::size_t max_waiting = 4096;
  std::size_t max_response = 1024 * 1024; ///< bytes of a reply's body
  std::chrono::milliseconds idle_timeout{30'000};
  std::string ca_file; ///< PEM; empty: the system's certificates
  std::string user_agent = "mfo-node";
};

} // namespace mfo::http
