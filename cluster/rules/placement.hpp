#pragma once

#include "cluster/membership/node_card.hpp"
#include "cluster/membership/view.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::cluster {

/// Why an event is run where it is; a label of the metric of events moved.
enum class placement_reason : std::uint8_t {
  local,            ///< here, as nothing speaks against it
  nobody_better,    ///< here although there is much to do: no peer is better
  local_overloaded, ///< the queue here is too deep
  circuit_open,     ///< the target's circuit is open here, and closed there
  role,             ///< this node has not the role; of nowhere: none has
  label,            ///< the peer has the labels that are required or preferred
  ordering_key,     ///< its key picks the peer; of nowhere: too many wait
  peer_lost,        ///< who had it is gone
  drain,            ///< this node drains
  unavailable,      ///< nowhere: who could drains, is silent, or is full
};

std::string_view to_string(placement_reason reason) noexcept;

/// What a node says of itself with its heartbeat.
struct node_load {
  std::size_t queued = 0;        ///< events that wait
  std::size_t in_flight = 0;     ///< calls that are under way
  std::size_t max_in_flight = 0; ///< 0: not known
};

/// A node that may run events, as the node that decides sees it.
struct candidate {
  std::string name;
  role_set roles{};
  label_map labels{};
  node_load load{};
  bool draining = false;
  bool suspect = false;      ///< its heartbeat is late
  bool circuit_open = false; ///< its circuit for the event's target
  bool has_credit = true;    ///< its window has room; of peers only
};

/// A member as it says of itself that it is; a suspect where it cannot be
/// reached.
[[nodiscard]] candidate candidate_of(const member_view& member);

/// What an event asks of its place. The value "$self" of a label stands for the
/// value that the node that decides has; where it has none, nobody matches.
struct placement_request {
  std::optional<role> needed{}; ///< nothing: any
  label_map require{};
  label_map prefer{};
  /// The event comes back from a peer, or must leave: why, for the metric.
  std::optional<placement_reason> moved_because{};
  std::string avoid{}; ///< who had it last; empty: nobody
};

struct placement {
  enum class place : std::uint8_t { here, peer, nowhere };

  place where = place::nowhere;
  std::string peer{}; ///< of `peer`
  placement_reason reason = placement_reason::unavailable;

  friend bool operator==(const placement&, const placement&) = default;
};

/// A number less than `below`, each as likely as another.
using random_below = std::function<std::size_t(std::size_t below)>;

/// Where an event is run. Here while the queue is shorter than
/// `local_threshold` and no peer has more of the preferred labels. Else on the
/// less loaded of two peers taken by chance (M. Mitzenmacher: The power of two
/// choices in randomized load balancing, 2001), if it is better than this
/// node: the chance keeps all from running to the one that was idle a moment
/// ago.
///
/// Not eligible is who has not the role or a required label, who drains, is
/// suspect, or has no credit left. Before the load counts: a closed circuit,
/// then room (not all slots taken and the queue at the threshold), then, of
/// those with room, the number of preferred labels.
///
/// `random` is called at most twice.
[[nodiscard]] placement place(const placement_request& request,
                              const candidate& self,
                              std::span<const candidate> peers,
                              std::size_t local_threshold,
                              const random_below& random);

/// Whether it may run such events as far as its role, its labels and its state
/// go; load and credit apart. Of these, an ordering key picks its runner.
[[nodiscard]] bool may_run(const placement_request& request,
                           const candidate& self, const candidate& node);

} // namespace mfo::cluster
