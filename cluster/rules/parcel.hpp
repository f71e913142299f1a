#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace mfo::cluster {

/// One life of a node: what it knew before a restart is gone, so that the name
/// alone does not say who is meant.
struct node_life {
  std::string name;
  std::uint64_t incarnation = 0; ///< random, new with each start

  friend auto operator<=>(const node_life&, const node_life&) = default;
};

/// An event as the rules of the cluster see it: they count it and keep it
/// alive, and never look inside.
struct parcel {
  std::string id; ///< the event's, the same wherever the event goes
  std::shared_ptr<const void> content;
  std::size_t bytes = 0; ///< what it counts for in windows and stores
};

} // namespace mfo::cluster
