#include "node/client_factory.hpp"

#include "http/beast_client.hpp"
#include "http/origin.hpp"
#include "telemetry/version.hpp"

#include <fmt/format.h>

namespace mfo::node {

tl::expected<std::shared_ptr<http::client>, std::string>
make_client(boost::asio::io_context& io,
            const config::upstream_settings& upstream) {
  auto server = http::parse_origin(upstream.url);
  if (!server)
    return tl::unexpected{"server_url: " + server.error()};
  return http::make_beast_client(
      io, {.server = *server,
           .connect_timeout = upstream.connect_timeout,
           .max_connections = upstream.max_connections,
           .max_waiting = upstream.max_waiting,
           .max_response = upstream.max_response,
           .idle_timeout = upstream.idle_timeout,
           .tls = {.ca_file = upstream.ca_file},
           .user_agent = fmt::format("mfo-node/{}", telemetry::version)});
}

} // namespace mfo::node
