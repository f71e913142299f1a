#pragma once

#include "config/settings.hpp"
#include "http/admin/json_body.hpp"

#include <chrono>

namespace mfo::http {

/// Bounds of what operators and their tools may ask.
[[nodiscard]] inline config::limits_settings admin_limits() {
  using namespace std::chrono_literals;
  config::limits_settings limits;
  limits.max_connections = 64;
  // A browser has six, and behind a proxy or a tunnel all have one address.
  limits.max_connections_per_address = 32;
  limits.max_body = max_json_body;
  limits.max_header = 8 * 1024;
  limits.max_bytes_in_flight = 8 * limits.max_body;
  limits.header_timeout = 10s;
  limits.body_timeout = 10s;
  limits.idle_timeout = 10s;
  return limits;
}

} // namespace mfo::http
