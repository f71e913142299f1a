#pragma once

#include "cluster/membership/address.hpp"
#include "cluster/membership/incarnation.hpp"
#include "cluster/membership/role_set.hpp"

#include <tl/expected.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace mfo::cluster {

/// The versions of the cluster's protocol that a node speaks, both included.
struct protocol_range {
  std::uint16_t lowest = 1;
  std::uint16_t highest = 1;

  friend auto operator<=>(const protocol_range&,
                          const protocol_range&) = default;
};

/// `{region: eu, team: crm}`, sorted by key.
using label_map = std::map<std::string, std::string, std::less<>>;

constexpr std::size_t most_labels = 16;
constexpr std::size_t longest_label = 64; ///< bytes, of a key or a value
constexpr std::size_t longest_software = 64;

/// What a node says of itself. It does not change while the process lives, but
/// for an incarnation that is raised.
struct node_card {
  std::string name;      ///< config::is_node_name
  incarnation born;      ///< of the process
  address where;         ///< where peers dial it
  role_set roles;        ///< at least one
  label_map labels;      ///< at most most_labels
  protocol_range speaks; ///< of the cluster's protocol
  std::string software;  ///< version, for people

  friend auto operator<=>(const node_card&, const node_card&) = default;
};

/// Holds a card to its bounds. The error is a part of a sentence that says what
/// is wrong, e.g. "has no role", and is safe to log whoever wrote the card.
[[nodiscard]] tl::expected<void, std::string> check_card(const node_card& card);

/// `node-a at node-a:7420`. Safe to log, whoever wrote the card.
[[nodiscard]] std::string describe(const node_card& card);

} // namespace mfo::cluster
