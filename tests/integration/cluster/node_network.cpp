#include "tests/integration/cluster/node_network.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace mfo::integration {

namespace {

constexpr auto peers = "peers";
constexpr auto server = "server";

// Of those that are set aside for benchmarks (RFC 2544, appendix C.2.2).
constexpr std::size_t peer_networks = 100;
constexpr std::size_t server_networks = 200;

/// The middle's end of a node's link.
std::string port_of(const std::string& what, std::size_t node) {
  return fmt::format("{}{}", what, node);
}

} // namespace

node_network::node_network(const std::vector<std::string>& names) {
  middle_.forward();
  middle_.run(fmt::format("/sbin/ip address add {} dev lo", server_address));
  for (const auto& name : names)
    nodes_.try_emplace(name);
  for (const auto& [name, node] : nodes_) {
    connect(name, peers, peer_networks + number_of(name));
    connect(name, server, server_networks + number_of(name));
    node.run(fmt::format("/sbin/ip route add default via 198.18.{}.254",
                         peer_networks + number_of(name)));
    node.run(fmt::format("/sbin/ip route add {} via 198.18.{}.254",
                         server_address, server_networks + number_of(name)));
  }
}

std::size_t node_network::number_of(const std::string& name) const {
  return static_cast<std::size_t>(
      std::distance(nodes_.begin(), nodes_.find(name)));
}

void node_network::connect(const std::string& name, const std::string& what,
                           std::size_t network) const {
  const auto port = port_of(what, number_of(name));
  const auto& node = nodes_.at(name);
  middle_.run(fmt::format(
      "/sbin/ip link add {} type veth peer name {} address {} netns {}", port,
      what, mac_address, node.path()));
  middle_.run(fmt::format("/sbin/ip address add 198.18.{}.254/24 dev {}",
                          network, port));
  middle_.run(fmt::format("/sbin/ip link set {} up", port));
  node.run(
      fmt::format("/sbin/ip address add 198.18.{}.1/24 dev {}", network, what));
  node.run(fmt::format("/sbin/ip link set {} up", what));
}

std::string node_network::peer_address(const std::string& name) const {
  return fmt::format("198.18.{}.1", peer_networks + number_of(name));
}

void node_network::cut(const std::string& name) const {
  middle_.run(fmt::format("/sbin/ip link set {} down",
                          port_of(peers, number_of(name))));
}

void node_network::heal(const std::string& name) const {
  middle_.run(
      fmt::format("/sbin/ip link set {} up", port_of(peers, number_of(name))));
}

void node_network::swallow(const std::string& to) const {
  middle_.run(fmt::format("/sbin/ip route add blackhole {}", peer_address(to)));
}

void node_network::swallow_no_more(const std::string& to) const {
  middle_.run(
      fmt::format("/sbin/ip route delete blackhole {}", peer_address(to)));
}

void node_network::make_poor(const std::string& name) const {
  const auto port = port_of(peers, number_of(name));
  for (const auto* way : {"-i", "-o"})
    middle_.run(fmt::format("/usr/sbin/iptables -w -A FORWARD {} {} -m "
                            "statistic --mode random --probability 0.1 -j DROP",
                            way, port));
  constexpr auto slow = "root tbf rate 1mbit burst 8kb latency 200ms";
  middle_.run(fmt::format("/sbin/tc qdisc add dev {} {}", port, slow));
  nodes_.at(name).run(fmt::format("/sbin/tc qdisc add dev {} {}", peers, slow));
}

} // namespace mfo::integration
