#include "node/server_link.hpp"

#include "node/assembly.hpp"

#include "api/auth_factory.hpp"
#include "api/operation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace mfo::node {

namespace {

/// Makes the provider of a server; what is wrong with a secret's file later on
/// is logged.
auto auth_maker(const config::server_settings& server,
                const telemetry::observer& observer) {
  return [server, log = observer.log] {
    api::secret_reader reader;
    reader.warn = [log, name = server.name](const std::string& problem) {
      log->warn("secret not read", {{"server", name}, {"detail", problem}});
    };
    return api::make_auth_provider(server.auth, server.paths,
                                   std::move(reader));
  };
}

/// Whether the link of a server is one for these, too.
bool is_for(const server_link& link, const config::server_settings& server,
            const std::vector<config::notification_settings>& asked) {
  return link.settings() == server && !link.files->changed() &&
         std::ranges::equal(link.deps->subscriptions, asked, {},
                            [](const auto& each) { return each->what; });
}

std::vector<config::notification_settings>
asked_of(const std::string& server,
         const std::vector<config::notification_settings>& notifications) {
  std::vector<config::notification_settings> asked;
  std::ranges::copy_if(notifications, std::back_inserter(asked),
                       [&](const auto& each) { return each.server == server; });
  return asked;
}

} // namespace

void server_link::close() const {
  deps->client->close();
  deps->login_client->close();
}

tl::expected<std::vector<server_link>, std::string>
link_servers(boost::asio::io_context& io,
             const std::vector<config::server_settings>& servers,
             const std::vector<config::notification_settings>& notifications,
             const telemetry::observer& observer, const client_factory& make,
             const std::vector<server_link>& former) {
  std::vector<server_link> links;
  for (const auto& server : servers) {
    const auto asked = asked_of(server.name, notifications);
    const auto known = std::ranges::find_if(
        former, [&](const auto& each) { return is_for(each, server, asked); });
    if (known != former.end()) {
      links.push_back(*known);
      continue;
    }
    const auto files = std::make_shared<config::watched_files>(
        std::vector<std::string>{server.tls.ca_file, server.tls.crl_file,
                                 server.tls.cert_file, server.tls.key_file});
    files->note();
    auto client = make(io, server, server.url);
    if (!client)
      return tl::unexpected{std::move(client.error())};
    auto deps = std::make_shared<actors::mfo_connector_deps>();
    deps->server = server;
    deps->client = *client;
    deps->login_client = *std::move(client);
    const auto make_auth = auth_maker(server, observer);
    const auto auth = make_auth();
    if (!auth)
      return tl::unexpected{
          fmt::format("server {}: auth: {}", server.name, auth.error())};
    // What could be made once can be made again.
    deps->make_auth = [make_auth] {
      return std::move(*make_auth());
    };
    if (const auto origin = (*auth)->login_origin(); !origin.empty()) {
      auto login_client = make(io, server, origin);
      if (!login_client)
        return tl::unexpected{std::move(login_client.error())};
      deps->login_client = *std::move(login_client);
    }
    deps->health = std::make_shared<telemetry::upstream_health>();
    deps->status = std::make_shared<telemetry::server_status>(
        server.name, observer.metrics->upstream().add(server.name));
    for (const auto& each : asked)
      deps->subscriptions.push_back(
          std::make_shared<telemetry::subscription_status>(each));
    deps->observer = observer;
    deps->uniform = uniform_source();
    links.push_back({std::move(deps), files});
  }
  return links;
}

telemetry::upstream_names
upstream_names(const std::vector<config::server_settings>& servers) {
  telemetry::upstream_names names;
  for (const auto& each : servers)
    names.servers.push_back(each.name);
  names.operations.assign(api::operation_names.begin(),
                          api::operation_names.end());
  return names;
}

} // namespace mfo::node
