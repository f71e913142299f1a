#pragma once

#include "config/tracing_settings.hpp"
#include "http/client.hpp"
#include "telemetry/upstream_health.hpp"

#include <boost/asio/io_context.hpp>
#include <tl/expected.hpp>

#include <memory>
#include <string>

namespace mfo::node {

/// Where spans are posted.
struct collector {
  config::tracing_settings settings{};
  std::shared_ptr<http::client> client{}; ///< null: no spans are wanted
  std::string target{};                   ///< of the URL
  /// What requests have come to; null without a client.
  std::shared_ptr<telemetry::upstream_health> health{};

  /// The request that brings it a body.
  [[nodiscard]] http::client_request
  request(std::shared_ptr<const std::string> body) const;
};

/// The collector that the settings name, if they name one. It is not asked
/// anything yet. The error, a line, is about the URL, the proxy or a file.
[[nodiscard]] tl::expected<collector, std::string>
find_collector(boost::asio::io_context& io,
               const config::tracing_settings& settings);

} // namespace mfo::node
