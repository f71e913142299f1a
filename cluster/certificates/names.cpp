#include "cluster/certificates/names.hpp"

#include "config/host_rule.hpp"
#include "config/ip_network.hpp"
#include "config/node_name.hpp"
#include "core/printable.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace mfo::cluster::certificates {

namespace {

using kind = alternative_name::kind;

constexpr std::string_view dns_prefix = "DNS:";
constexpr std::string_view ip_prefix = "IP:";

/// What somebody gave, for a message: whatever it holds.
std::string shown(std::string_view text) {
  constexpr std::size_t most = 80;
  return core::shortened(core::printable(text), most);
}

tl::unexpected<failure> bad_name(std::string_view whose, std::size_t longest,
                                 std::string_view name) {
  return bad_request(fmt::format(
      "a {}'s name is 1 to {} of A-Z, a-z, 0-9, '.', '_' and '-', the first a "
      "letter or a digit; this is none: \"{}\"",
      whose, longest, shown(name)));
}

/// Takes `prefix` off the front, if it is there.
bool take(std::string_view& text, std::string_view prefix) {
  const bool found = text.starts_with(prefix);
  if (found)
    text.remove_prefix(prefix.size());
  return found;
}

} // namespace

expected<void> check_node_name(std::string_view name) {
  if (!config::is_node_name(name))
    return bad_name("node", config::longest_node_name, name);
  if (core::equal_ignoring_case(name, "ca"))
    return bad_request("no node can be called \"ca\": ca.crt and ca.key are "
                       "the CA's; choose another name");
  return {};
}

expected<void> check_cluster_name(std::string_view name) {
  if (!config::is_node_name(name) || name.size() > longest_cluster_name)
    return bad_name("cluster", longest_cluster_name, name);
  return {};
}

std::string alternative_name::to_string() const {
  return std::string{what == kind::dns ? dns_prefix : ip_prefix} + text;
}

bool operator==(const alternative_name& a, const alternative_name& b) {
  return a.what == b.what && core::equal_ignoring_case(a.text, b.text);
}

expected<alternative_name> parse_alternative_name(std::string_view text) {
  auto rest = text;
  const bool only_dns = take(rest, dns_prefix);
  const bool only_ip = !only_dns && take(rest, ip_prefix);
  if (!only_dns)
    if (const auto address = config::ip_address::parse(rest))
      return alternative_name{kind::ip, address->to_string()};
  if (!only_ip && config::is_host_name(rest))
    return alternative_name{kind::dns, std::string{rest}};
  return bad_request(fmt::format(
      "a subject alternative name is a host's name, without wildcards, or an "
      "IP address; this is none: \"{}\"",
      shown(text)));
}

expected<std::vector<alternative_name>>
all_names(std::string_view node, const std::vector<std::string>& others) {
  std::vector<alternative_name> all{{kind::dns, std::string{node}}};
  for (const auto& each : others) {
    // A node's name may be none of a host, and is good all the same.
    if (each == all.front().to_string())
      continue;
    auto name = parse_alternative_name(each);
    if (!name)
      return tl::unexpected(std::move(name.error()));
    if (std::ranges::find(all, *name) == all.end())
      all.push_back(*std::move(name));
    if (all.size() > most_alternative_names + 1)
      return bad_request(fmt::format("a node has at most {} subject "
                                     "alternative names beside its own",
                                     most_alternative_names));
  }
  return all;
}

} // namespace mfo::cluster::certificates
