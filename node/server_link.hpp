#pragma once

#include "node/client_factory.hpp"

#include "actors/mfo_connector.hpp"
#include "config/notification_settings.hpp"
#include "config/server_settings.hpp"
#include "telemetry/observer.hpp"

#include <boost/asio/io_context.hpp>
#include <tl/expected.hpp>

#include <memory>
#include <string>
#include <vector>

namespace mfo::node {

/// What the calls to one server need, beside an actor that makes them.
struct server_link {
  actors::mfo_connector_deps_ptr deps;

  [[nodiscard]] const config::server_settings& settings() const noexcept {
    return deps->server;
  }

  /// Ends what is under way. Any thread; idempotent.
  void close() const;
};

/// One for each server, in their order. The error is one line that names the
/// server. `observer` has the servers in the same order. Each gets what is to
/// be asked of it of `notifications`.
tl::expected<std::vector<server_link>, std::string>
link_servers(boost::asio::io_context& io,
             const std::vector<config::server_settings>& servers,
             const std::vector<config::notification_settings>& notifications,
             const telemetry::observer& observer, const client_factory& make);

/// The names that the metrics of these servers' calls need.
telemetry::upstream_names
upstream_names(const std::vector<config::server_settings>& servers);

} // namespace mfo::node
