#include "cluster/rules/placement.hpp"

#include <algorithm>
#include <compare>

namespace mfo::cluster {

namespace {

/// In the order of how near it is to be eligible.
enum class fitness : std::uint8_t { no_role, no_label, unavailable, fit };

/// What counts before the load; the greater is the better.
struct standing {
  bool circuit_closed = false;
  bool room = false;
  std::size_t preferred = 0; ///< labels; only with room

  friend auto operator<=>(const standing&, const standing&) = default;
};

bool matches(const label_map::value_type& wanted, const candidate& self,
             const candidate& node) {
  const auto has = node.labels.find(wanted.first);
  if (has == node.labels.end())
    return false;
  if (wanted.second != "$self")
    return has->second == wanted.second;
  const auto own = self.labels.find(wanted.first);
  return own != self.labels.end() && has->second == own->second;
}

fitness fitness_of(const placement_request& request, const candidate& self,
                   const candidate& node) {
  if (request.needed && !node.roles.has(*request.needed))
    return fitness::no_role;
  for (const auto& wanted : request.require)
    if (!matches(wanted, self, node))
      return fitness::no_label;
  const bool away = node.draining || node.suspect || node.name == request.avoid;
  return away ? fitness::unavailable : fitness::fit;
}

standing standing_of(const placement_request& request, const candidate& self,
                     const candidate& node, std::size_t threshold) {
  const auto& load = node.load;
  const bool busy =
      load.max_in_flight == 0 || load.in_flight >= load.max_in_flight;
  standing result{.circuit_closed = !node.circuit_open,
                  .room = !busy || load.queued < threshold};
  if (result.circuit_closed && result.room)
    result.preferred = static_cast<std::size_t>(std::count_if(
        request.prefer.begin(), request.prefer.end(),
        [&](const auto& wanted) { return matches(wanted, self, node); }));
  return result;
}

/// Whether `a` has less to do for what it can do than `b`.
bool lighter(const node_load& a, const node_load& b) {
  const auto slots = [](const node_load& load) {
    return std::max<std::size_t>(load.max_in_flight, 1);
  };
  return (a.queued + a.in_flight) * slots(b) <
         (b.queued + b.in_flight) * slots(a);
}

/// The eligible peers of the best standing.
struct selection {
  std::vector<const candidate*> best{};
  standing rank{};
  fitness nearest = fitness::no_role; ///< of all peers
};

selection select(const placement_request& request, const candidate& self,
                 std::span<const candidate> peers, std::size_t threshold) {
  selection result;
  for (const auto& peer : peers) {
    auto fit = fitness_of(request, self, peer);
    if (fit == fitness::fit && !peer.has_credit)
      fit = fitness::unavailable;
    result.nearest = std::max(result.nearest, fit);
    if (fit != fitness::fit)
      continue;
    const auto rank = standing_of(request, self, peer, threshold);
    if (result.best.empty() || rank > result.rank) {
      result.best.clear();
      result.rank = rank;
    }
    if (rank == result.rank)
      result.best.push_back(&peer);
  }
  return result;
}

const candidate& better_of_two(const std::vector<const candidate*>& peers,
                               const random_below& random) {
  const auto first = random(peers.size());
  if (peers.size() == 1)
    return *peers[first];
  auto second = random(peers.size() - 1);
  if (second >= first)
    ++second;
  return lighter(peers[second]->load, peers[first]->load) ? *peers[second]
                                                          : *peers[first];
}

placement_reason reason_of(fitness why, placement_reason of_unavailable) {
  switch (why) {
  case fitness::no_role:
    return placement_reason::role;
  case fitness::no_label:
    return placement_reason::label;
  case fitness::unavailable:
  case fitness::fit:
    break;
  }
  return of_unavailable;
}

} // namespace

candidate candidate_of(const member_view& member) {
  candidate one;
  one.name = member.card->name;
  one.roles = member.card->roles;
  one.labels = member.card->labels;
  one.load = {.queued = member.load->queue_depth,
              .in_flight = member.load->in_flight,
              .max_in_flight = member.load->max_in_flight};
  one.draining = member.load->draining;
  one.suspect = !member.is_reachable();
  return one;
}

std::string_view to_string(placement_reason reason) noexcept {
  switch (reason) {
  case placement_reason::local:
    return "local";
  case placement_reason::nobody_better:
    return "nobody_better";
  case placement_reason::local_overloaded:
    return "local_overloaded";
  case placement_reason::circuit_open:
    return "circuit_open";
  case placement_reason::role:
    return "role";
  case placement_reason::label:
    return "label";
  case placement_reason::ordering_key:
    return "ordering_key";
  case placement_reason::peer_lost:
    return "peer_lost";
  case placement_reason::drain:
    return "drain";
  case placement_reason::unavailable:
    return "unavailable";
  }
  return "unknown";
}

bool may_run(const placement_request& request, const candidate& self,
             const candidate& node) {
  return fitness_of(request, self, node) == fitness::fit;
}

placement place(const placement_request& request, const candidate& self,
                std::span<const candidate> peers, std::size_t local_threshold,
                const random_below& random) {
  using where = placement::place;
  const auto own = fitness_of(request, self, self);
  const auto others = select(request, self, peers, local_threshold);
  if (own != fitness::fit) {
    if (others.best.empty())
      return {.where = where::nowhere,
              .reason = reason_of(std::max(own, others.nearest),
                                  placement_reason::unavailable)};
    const auto why = reason_of(own, placement_reason::drain);
    return {.where = where::peer,
            .peer = better_of_two(others.best, random).name,
            .reason = request.moved_because.value_or(why)};
  }
  const auto rank = standing_of(request, self, self, local_threshold);
  const bool below = self.load.queued < local_threshold;
  const bool preferred = others.rank.preferred > rank.preferred;
  if (below && rank.circuit_closed && !preferred)
    return {.where = where::here, .reason = placement_reason::local};
  if (others.best.empty() || others.rank < rank)
    return {.where = where::here, .reason = placement_reason::nobody_better};
  const auto& chosen = better_of_two(others.best, random);
  if (others.rank == rank && !lighter(chosen.load, self.load))
    return {.where = where::here, .reason = placement_reason::nobody_better};
  const auto why = !rank.circuit_closed ? placement_reason::circuit_open
                   : !below             ? placement_reason::local_overloaded
                                        : placement_reason::label;
  return {.where = where::peer,
          .peer = chosen.name,
          .reason = request.moved_because.value_or(why)};
}

} // namespace mfo::cluster
