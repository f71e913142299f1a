#pragma once

#include "config/host_rule.hpp"
#include "config/ip_network.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace mfo::config {

/// What an `http_call` of a taskflow may reach, and how. The keys, ranges and
/// help stand in config/schema_http_call.cpp.
struct http_call_settings {
  std::vector<host_rule> allow; ///< empty: no call is allowed
  /// Special addresses (core/special_address.hpp) that may be reached all the
  /// same.
  std::vector<ip_network> private_networks;
  std::string ca_file; ///< whom to trust besides the system's CAs; may be empty
  std::chrono::milliseconds connect_timeout{5'000}; ///< DNS, TCP, TLS together
  std::chrono::milliseconds timeout{30'000}; ///< of a call, its wait included
  std::size_t max_response = 1024 * 1024;    ///< bytes of a reply's body
  std::size_t max_in_flight = 32;            ///< calls on the wire
  std::size_t max_waiting = 1024;            ///< calls that wait for a turn

  friend bool operator==(const http_call_settings&,
                         const http_call_settings&) = default;
};

} // namespace mfo::config
