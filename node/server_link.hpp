#pragma once

#include "node/client_factory.hpp"

#include "actors/mfo_connector.hpp"
#include "config/notification_settings.hpp"
#include "config/server_settings.hpp"
#include "config/watched_files.hpp"
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
  /// Of its TLS, as they were when they were read.
  std::shared_ptr<const config::watched_files> files;

  [[nodiscard]] const config::server_settings& settings() const noexcept {
    return deps->server;
  }

  /// Ends what is under way. Any thread; idempotent.
  void close() const;
};

/// One for each server, in their order. The error is one line that names the
/// server. Each gets what is to be asked of it of `notifications`. A server
/// that is as it was, files included, has the link that it had in `former`.
tl::expected<std::vector<server_link>, std::string>
link_servers(boost::asio::io_context& io,
             const std::vector<config::server_settings>& servers,
             const std::vector<config::notification_settings>& notifications,
             const telemetry::observer& observer, const client_factory& make,
             const std::vector<server_link>& former = {});

/// The names that the metrics of these servers' calls need.
telemetry::upstream_names
upstream_names(const std::vector<config::server_settings>& servers);

} // namespace mfo::node
