#pragma once

#include "node/doctor/rules/expiry.hpp"
#include "node/doctor/rules/reached.hpp"

#include "config/tls_settings.hpp"
#include "http/origin.hpp"
#include "http/proxy.hpp"

#include <chrono>
#include <optional>

namespace mfo::node::doctor {

struct reach_target {
  http::origin server;
  std::optional<http::proxy> via{};
  config::tls_settings tls{};
};

/// Goes the way that a client goes before its first request, by this deadline:
/// DNS, TCP, the proxy's CONNECT, TLS. Blocks.
[[nodiscard]] reach_seen reach(const reach_target& target,
                               std::chrono::steady_clock::time_point deadline);

} // namespace mfo::node::doctor
