// Whether the peers are there, and would have this node.

#include "node/doctor/checks/checks.hpp"
#include "node/doctor/probes/name_probe.hpp"
#include "node/doctor/probes/peer_probe.hpp"
#include "node/doctor/rules/peers.hpp"

#include "node/cluster_seat.hpp"

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace mfo::node::doctor {

namespace {

constexpr auto seeds_subject = "cluster.seeds";

struct seed_addresses {
  std::vector<config::listen_address> found;
  findings missing;
};

seed_addresses resolve(const patient& of) {
  seed_addresses result;
  for (const auto& seed : of.settings.cluster.seeds) {
    const auto looked_up = look_up(seed.host, of.timeout);
    if (looked_up.addresses.empty())
      result.missing.push_back(
          failed(seeds_subject,
                 seed.host + ": " +
                     (looked_up.late ? "no answer from DNS" : looked_up.error),
                 "see the check `dns`"));
    for (const auto& each : looked_up.addresses) {
      config::listen_address address{each, seed.port};
      if (std::ranges::find(result.found, address) == result.found.end())
        result.found.push_back(std::move(address));
    }
  }
  return result;
}

/// Where this node runs, too, and has just linked to a peer, that peer does not
/// hear another of its name out. It does when it is asked once more.
tl::expected<std::vector<peer_seen>, std::string>
visit(const patient& of, const cluster::hello& visitor,
      const std::vector<config::listen_address>& addresses) {
  const auto transport = transport_of(of.settings);
  const auto again =
      std::chrono::steady_clock::now() + transport.handshake_deadline;
  auto seen = visit_peers(transport, visitor, addresses, of.deadline());
  if (!seen || again >= of.deadline() ||
      std::ranges::none_of(*seen, &peer_seen::hung_up))
    return seen;
  std::this_thread::sleep_until(again);
  return visit_peers(transport, visitor, addresses, of.deadline());
}

/// All addresses of the seeds are this node's own.
bool alone(const findings& all) {
  return std::ranges::all_of(
      all, [](const auto& each) { return each.how == verdict::left_out; });
}

} // namespace

findings check_cluster(const patient& of) {
  const auto& settings = of.settings;
  if (!settings.cluster.on())
    return {left_out("", "the node is alone")};
  if (settings.cluster.seeds.empty())
    return {
        left_out(seeds_subject, "there are none: the node waits for others")};
  auto [addresses, all] = resolve(of);
  const auto own = card_of(settings, std::random_device{}());
  const auto seen =
      visit(of, visit_card(settings.cluster.name, own, 0), addresses);
  if (!seen)
    return {failed("cluster.tls", seen.error(), "see the check `tls`")};
  for (const auto& each : *seen)
    all.push_back(judge_peer(each, own));
  if (alone(all))
    all.push_back(warning(
        seeds_subject, "there is no other node than this one among the seeds",
        "name a node that the others know"));
  return all;
}

} // namespace mfo::node::doctor
