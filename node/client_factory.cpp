#include "node/client_factory.hpp"

#include "config/environment.hpp"
#include "http/beast_client.hpp"
#include "http/origin.hpp"
#include "http/proxy.hpp"
#include "telemetry/version.hpp"

#include <fmt/format.h>

namespace mfo::node {

tl::expected<std::shared_ptr<http::client>, std::string>
make_client(boost::asio::io_context& io, const config::server_settings& server,
            const std::string& url) {
  const auto refuse = [&](const std::string& why) {
    return tl::unexpected{fmt::format("server {}: {}", server.name, why)};
  };
  auto origin = http::parse_origin(url);
  if (!origin)
    return refuse("url: " + origin.error());
  auto via =
      http::choose_proxy(*origin, server.proxy, config::process_environment());
  if (!via)
    return refuse("proxy: " + via.error());
  auto made = http::make_beast_client(
      io, {.server = *std::move(origin),
           .via = *std::move(via),
           .connect_timeout = server.connect_timeout,
           // One more, so that a login need not wait for a call.
           .max_connections = server.max_in_flight + 1,
           .max_waiting = server.max_waiting,
           .max_response = server.max_response,
           .idle_timeout = server.idle_timeout,
           .tls = server.tls,
           .user_agent = fmt::format("mfo-node/{}", telemetry::version)});
  if (!made)
    return refuse(made.error());
  return made;
}

} // namespace mfo::node
