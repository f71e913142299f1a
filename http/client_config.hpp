#pragma once

#include "config/server_settings.hpp"
#include "http/origin.hpp"
#include "http/proxy.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace mfo::http {

/// How a client treats its origin. The fields mean what the fields of
/// config::server_settings of the same names mean.
struct client_config {
  origin server;
  /// Between us and `server`: see choose_proxy.
  std::optional<proxy> via{};
  /// DNS, TCP, the proxy's CONNECT and TLS together.
  std::chrono::milliseconds connect_timeout{2'000};
  std::size_t max_connections = 64; ///< at least 1
  std::size_t max_waiting = 4096;
  std::size_t max_response = 1024 * 1024; ///< bytes of a reply's body
  std::chrono::milliseconds idle_timeout{30'000};
  config::tls_settings tls{}; ///< looked at for an https origin only
  std::string user_agent = "mfo-node";
};

} // namespace mfo::http
