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

void write(telemetry::log& log, const risk& found) {
  const auto& where = found.where;
  if (where.empty())
    log.warn(found.text);
  else if (where.size() == 1)
    log.warn(found.text, {{where[0].first, where[0].second}});
  else
    log.warn(found.text, {{where[0].first, where[0].second},
                          {where[1].first, where[1].second}});
}

} // namespace

std::vector<risk> find_risks(const config::settings& settings,
                             const config::listen_address& admin) {
  std::vector<risk> found;
  for (const auto& each : settings.endpoints)
    if (each.signature.scheme == config::signature_scheme::none &&
        !each.path.empty())
      found.push_back({"endpoint takes events from anybody",
                       {{"endpoint", each.id}, {"path", each.path}},
                       "give it a `signature` with a scheme and a secret"});
  for (const auto& each : settings.proxies.trusted_proxies)
    if (holds_everybody(each))
      found.push_back(
          {"trusted_proxies holds everybody, so that anybody can say from "
           "which address they come",
           {{"network", each.to_string()}},
           "name the addresses of your proxies alone"});
  if (std::ranges::any_of(settings.admin.tokens, [](const auto& token) {
        return token.reveal().size() < sound_token_size;
      }))
    found.push_back({"an admin token is short enough to be guessed",
                     {},
                     "take a random one of 16 characters or more"});
  if (!config::is_loopback(admin) && !settings.admin.tls.enabled())
    found.push_back(
        {"admin tokens cross the network in the clear; set admin.tls",
         {{"admin", config::format_listen_address(admin)}},
         "give `admin.tls` a certificate, or listen on 127.0.0.1"});
  if (settings.recording.enabled)
    found.push_back(
        {"requests may be recorded by whoever may ask the admin listener",
         {{"admin", config::format_listen_address(admin)}},
         "set `recording.enabled` to false once you have what you need"});
  return found;
}

void warn_of_risks(const config::settings& settings, std::uint16_t admin_port,
                   telemetry::log& log) {
  auto admin = settings.admin_listen;
  admin.port = admin_port;
  for (const auto& each : find_risks(settings, admin))
    write(log, each);
}

} // namespace mfo::node
