#pragma once

#include "config/listen_address.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::config {

/// What a node does for its cluster.
enum class node_role : std::uint8_t {
  intake,    ///< takes events in
  runner,    ///< runs taskflows
  connector, ///< calls the servers
};

/// `{region: eu, team: crm}`, sorted by key.
using node_labels = std::map<std::string, std::string, std::less<>>;

/// The value of a label that stands for that of the node that decides.
inline constexpr std::string_view value_of_self = "$self";

/// On which nodes the events of an endpoint are run. Values may be
/// `value_of_self`.
struct placement_settings {
  node_labels require{};
  node_labels prefer{};

  [[nodiscard]] bool empty() const noexcept {
    return require.empty() && prefer.empty();
  }

  friend bool operator==(const placement_settings&,
                         const placement_settings&) = default;
};

/// How nodes prove to each other who they are.
struct cluster_tls_settings {
  bool on = true;            ///< off: only where all of it is on loopback
  std::string certificate{}; ///< a file, PEM; its name is the node's
  std::string key{};         ///< a file, PEM
  std::string ca{};          ///< a file, PEM: of the cluster, and of no other
  /// Who may be a peer: exact, `*.suffix`, or `*` for all of the CA's.
  std::vector<std::string> names{"*"};

  friend bool operator==(const cluster_tls_settings&,
                         const cluster_tls_settings&) = default;
};

/// The node as a member of a cluster. All nodes of one have the same name, and
/// should have the same times.
struct cluster_settings {
  std::string name; ///< empty: the node is alone, and the rest means nothing
  listen_address listen{"127.0.0.1", 7420};
  /// Where peers reach it. Port 0: that which the kernel picks for `listen`.
  listen_address advertise{};
  std::vector<listen_address> seeds{}; ///< a name may stand for many nodes
  std::vector<node_role> roles{node_role::intake, node_role::runner,
                               node_role::connector}; ///< each once, never none
  node_labels labels{};
  cluster_tls_settings tls{};
  std::chrono::milliseconds heartbeat{500};
  std::chrono::milliseconds suspect_after{1'000};
  std::chrono::milliseconds dead_after{5'000};
  /// Events that wait here before one goes to a peer for the load alone.
  std::size_t local_threshold = 16;

  [[nodiscard]] bool on() const noexcept {
    return !name.empty();
  }

  friend bool operator==(const cluster_settings&,
                         const cluster_settings&) = default;
};

} // namespace mfo::config
