#include "node/risks.hpp"

#include "config/address.hpp"

#include <algorithm>

namespace mfo::node {

namespace {

/// Fewer characters could be guessed by who may guess at will.
constexpr std::size_t sound_token_size = 16;

/// All addresses of IPv4 or of IPv6.
bool holds_everybody(const config::ip_network& network) {
  constexpr unsigned v4_begins_at = 96; // of the bits of an address
  return network.prefix_bits() == (network.is_v4() ? v4_begins_at : 0);
}

} // namespace

void warn_of_risks(const config::settings& settings, telemetry::log& log) {
  for (const auto& each : settings.endpoints)
    if (each.signature.scheme == config::signature_scheme::none &&
        !each.path.empty())
      log.warn("endpoint takes events from anybody",
               {{"endpoint", each.id}, {"path", each.path}});
  for (const auto& each : settings.proxies.trusted_proxies)
    if (holds_everybody(each))
      log.warn("trusted_proxies holds everybody, so that anybody can say from "
               "which address they come",
               {{"network", each.to_string()}});
  if (std::ranges::any_of(settings.admin.tokens, [](const auto& token) {
        return token.reveal().size() < sound_token_size;
      }))
    log.warn("an admin token is short enough to be guessed");
  if (!config::is_loopback(settings.admin_listen) &&
      !settings.admin.tls.enabled())
    log.warn("admin tokens cross the network in the clear; set admin.tls",
             {{"admin", config::format_listen_address(settings.admin_listen)}});
}

} // namespace mfo::node
