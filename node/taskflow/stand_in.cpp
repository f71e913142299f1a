#include "node/taskflow/stand_in.hpp"

#include "config/address.hpp"
#include "node/replies_argument.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace mfo::node {

void add_stand_in_options(CLI::App& command, stand_in_arguments& target,
                          CLI::Option& config) {
  add_replies_option(command, target.replies)->excludes(&config);
  command
      .add_option("--listen", target.listen,
                  "Where the run's own server listens, for http_call; port 0: "
                  "any")
      ->type_name("ADDRESS")
      ->capture_default_str()
      ->excludes(&config);
}

tl::expected<std::unique_ptr<devserver::server>, command_failure>
start_stand_in(const stand_in_arguments& given, config::settings& settings) {
  const auto address = config::parse_listen_address(given.listen);
  if (!address)
    return failure(exit_status::usage, "--listen: " + address.error());
  auto replies = load_replies(given.replies);
  if (!replies)
    return tl::unexpected{std::move(replies.error())};
  devserver::options options;
  options.host = address->host;
  options.port = address->port;
  options.canned = *std::move(replies);
  auto server = std::make_unique<devserver::server>(std::move(options));
  const auto port = server->start();
  if (!port)
    return failure(exit_status::cannot_start, port.error());
  // It is on loopback, or it would not have started.
  settings.http_call.allow = {*config::host_rule::parse(
      config::format_listen_address({address->host, *port}))};
  settings.http_call.private_networks = {
      *config::ip_network::parse("127.0.0.0/8"),
      *config::ip_network::parse("::1/128")};
  return server;
}

} // namespace mfo::node
