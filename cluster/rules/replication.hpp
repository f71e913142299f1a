#pragma once

#include "cluster/rules/parcel.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// `ack: replicated`: an event is acknowledged when other nodes hold a copy in
/// memory. The origin's side is in replica_origin.hpp, the holders' in
/// replica_store.hpp; this is what they say to each other.
///
/// Who takes an event over when its origin is gone is decided without talking:
/// the origin says to each holder who the holders are, and in which order, and
/// the first of them that lives does. The order among those that stay never
/// changes, so that holders with lists of different age agree.
///
/// All messages about copies between two nodes go over one link, in the order
/// in which they were made: a list of what is open says nothing of copies that
/// were sent after it.
namespace mfo::cluster {

/// Who holds an event, the first to take it over first.
struct holder_list {
  std::uint32_t version = 0; ///< the highest is the latest; 0: none yet
  std::vector<node_life> holders{};
};

/// What an origin says of the events that are open, in the order of their ids:
/// those of its copies at a holder that lie in the range and are not named are
/// to be let go, so that a lost release keeps no copy for ever.
struct audit_page {
  std::string after{}; ///< the range begins behind this id; empty: at the first
  std::string up_to{}; ///< and ends with this one; empty: behind the last
  std::vector<std::string> open{};
};

/// The incarnation of the member with this name, as long as it is not dead and
/// has not left; a suspect is alive.
using life_of =
    std::function<std::optional<std::uint64_t>(const std::string& name)>;

[[nodiscard]] inline bool is_alive(const life_of& view, const node_life& node) {
  return view(node.name) == node.incarnation;
}

} // namespace mfo::cluster
