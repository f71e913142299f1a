#include "node/collector.hpp"

#include "config/environment.hpp"
#include "http/beast_client.hpp"
#include "http/origin.hpp"
#include "http/proxy.hpp"
#include "telemetry/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mfo::node {

http::client_request
collector::request(std::shared_ptr<const std::string> body) const {
  http::client_request made;
  made.target = target;
  made.headers = {{"Content-Type", "application/json"},
                  {"Accept", "application/json"}};
  for (const auto& each : settings.headers)
    made.headers.add(each.name, each.value.reveal());
  made.body = std::move(body);
  made.timeout = settings.timeout;
  return made;
}

tl::expected<collector, std::string>
find_collector(boost::asio::io_context& io,
               const config::tracing_settings& settings) {
  if (!settings.on())
    return collector{.settings = settings};
  constexpr std::chrono::seconds longest_connect{2};
  const auto refuse = [](const std::string& why) {
    return tl::unexpected{"tracing: " + why};
  };
  auto url = http::parse_url(settings.url);
  if (!url)
    return refuse("url: " + url.error());
  auto via = http::choose_proxy(url->server, {}, config::process_environment());
  if (!via)
    return refuse("proxy: " + via.error());
  // One request at a time, and one more where a former one still ends.
  constexpr std::size_t connections = 2;
  auto made = http::make_beast_client(
      io, {.server = std::move(url->server),
           .via = *std::move(via),
           .connect_timeout = std::min<std::chrono::milliseconds>(
               settings.timeout, longest_connect),
           .max_connections = connections,
           .tls = {.ca_file = settings.ca_file},
           .user_agent = fmt::format("mfo-node/{}", telemetry::version)});
  if (!made)
    return refuse(made.error());
  return collector{.settings = settings,
                   .client = *std::move(made),
                   .target = std::move(url->target),
                   .health = std::make_shared<telemetry::upstream_health>()};
}

} // namespace mfo::node
