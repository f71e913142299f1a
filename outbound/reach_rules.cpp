#include "outbound/reach_rules.hpp"

#include "core/special_address.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mfo::outbound {

reach_rules::reach_rules(const config::http_call_settings& settings)
  : allow_(settings.allow), exempt_(settings.private_networks) {}

std::optional<std::string> reach_rules::why_not(const call_url& url) const {
  const auto& server = url.server;
  const auto allowed = std::ranges::any_of(allow_, [&](const auto& rule) {
    return rule.allows(server.host, url.address, server.port, url.usual_port());
  });
  if (!allowed)
    return fmt::format("{}://{} is not among the hosts of http_call.allow",
                       server.tls ? "https" : "http", url.shown());
  if (url.address)
    return why_not(std::vector{*url.address});
  return std::nullopt;
}

std::optional<std::string>
reach_rules::why_not(const std::vector<config::ip_address>& addresses) const {
  for (const auto& each : addresses)
    if (const auto use = core::special_use(each);
        use && !exempt_.contains(each))
      return fmt::format("the address {} is {}, and in no network of "
                         "http_call.private_networks",
                         each.to_string(), *use);
  return std::nullopt;
}

} // namespace mfo::outbound
