// URLs of http_call: what is read, written again, reads as the same; what may
// be called is on the list and holds no special address; and no name is one
// that a resolver would take for an address.

#include "core/special_address.hpp"
#include "fuzz/target.hpp"
#include "outbound/call_url.hpp"
#include "outbound/reach_rules.hpp"

#include <arpa/inet.h>
#include <netdb.h>

#include <string>

namespace mfo::fuzz {

namespace {

outbound::reach_rules make_rules() {
  config::http_call_settings settings;
  for (const auto* text :
       {"0.0.0.0/0:*", "[::/0]:*", "good.example", "*.below.example:8443"})
    settings.allow.push_back(config::host_rule::parse(text).value());
  settings.private_networks.push_back(
      config::ip_network::parse("10.1.0.0/16").value());
  return outbound::reach_rules{settings};
}

bool is_read_as_address(const std::string& host) {
  in_addr ignored{};
  if (::inet_aton(host.c_str(), &ignored) != 0)
    return true;
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0)
    return false;
  ::freeaddrinfo(found);
  return true;
}

void check_name(const outbound::call_url& url, bool allowed) {
  const auto& host = url.server.host;
  require(!is_read_as_address(host));
  require(host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-_") ==
          std::string::npos);
  if (!allowed)
    return;
  require(host == "good.example"
              ? url.server.port == url.usual_port()
              : host.ends_with(".below.example") && url.server.port == 8443);
}

void check_address(const outbound::call_url& url, bool allowed) {
  require(config::ip_address::parse(url.server.host).value() == *url.address);
  const auto exempt = url.server.host.starts_with("10.1.");
  require(allowed == (exempt || !core::special_use(*url.address)));
}

void check_url(std::string_view input) {
  static const auto rules = make_rules();
  const auto url = outbound::parse_call_url(input);
  if (!url)
    return require(!url.error().empty());
  require(url->server.port != 0 && url->server.base_path.empty());
  require(url->target.starts_with('/'));
  for (const char c : url->target)
    require(c > 0x20 && c < 0x7F && c != '#');
  const auto again = outbound::parse_call_url(url->server.url() + url->target);
  require(again && again->server == url->server &&
          again->target == url->target && again->address == url->address);
  const auto allowed = !rules.why_not(*url);
  if (url->address)
    check_address(*url, allowed);
  else
    check_name(*url, allowed);
}

void check_rule(std::string_view input) {
  if (const auto rule = config::host_rule::parse(input))
    require(config::host_rule::parse(rule->to_string()) == rule);
}

} // namespace

void run(std::string_view input) {
  check_url(input);
  check_rule(input);
}

} // namespace mfo::fuzz
