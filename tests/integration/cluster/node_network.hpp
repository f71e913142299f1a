#pragma once

#include "tests/support/network_namespace.hpp"

#include <cstddef>
#include <list>
#include <map>
#include <string>
#include <vector>

namespace mfo::integration {

/// A network namespace for each node, and one in the middle that has the
/// server. A node has two links to the middle, by one of which it reaches the
/// server, by the other its peers, so that it can be cut off from these alone.
///
/// The middle is a router, and no bridge, so that two nodes may have the same
/// MAC address, as two containers on two hosts may.
class node_network {
public:
  using place = support::network_namespace;

  explicit node_network(const std::vector<std::string>& names);

  [[nodiscard]] const place& middle() const noexcept {
    return middle_;
  }

  [[nodiscard]] const place& of(const std::string& name) const {
    return nodes_.at(name);
  }

  /// Where the server is, as all nodes see it.
  static constexpr auto server_address = "198.18.0.1";

  /// Where its peers reach a node.
  [[nodiscard]] std::string peer_address(const std::string& name) const;

  /// Takes the link between a node and its peers down, and up again.
  void cut(const std::string& name) const;
  void heal(const std::string& name) const;

  /// What peers send to it gets lost, without a word, while it is heard.
  void swallow(const std::string& to) const;
  void swallow_no_more(const std::string& to) const;

  /// From now on, between a node and its peers, a tenth of all packets is lost,
  /// and no more than a megabit a second goes either way.
  void make_poor(const std::string& name) const;

  /// The MAC address of the nodes' interfaces, which all of them share.
  static constexpr auto mac_address = "02:00:00:00:00:01";

private:
  [[nodiscard]] std::size_t number_of(const std::string& name) const;
  void connect(const std::string& name, const std::string& what,
               std::size_t network) const;

  place middle_;
  std::map<std::string, place> nodes_;
};

} // namespace mfo::integration
