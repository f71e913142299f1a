#pragma once

#include "cluster/transport/link_event.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mfo::cluster::wire {

/// Which links may be: no more than so many, and not two that two nodes dial
/// to each other at once. Of such CAF 0.17.6 closes both, as each side takes
/// its own for the redundant one. So the side with the smaller name decides
/// alone, and the other side takes what comes: the smaller one keeps its own
/// dial where that came first, and the peer's where that did.
///
/// "At once" is within a deadline of each other: a peer that dials later has
/// lost its link to this node, or was started anew, and is let in.
///
/// Pure; time is passed in. Not thread-safe. Names are those of certificates;
/// without them, or between nodes of one name, links may cross.
class link_table {
public:
  using clock = std::chrono::steady_clock;

  link_table(std::size_t most, clock::duration crossing);

  /// A dial begins; `name` is empty where it is not known whom it will reach.
  /// It has a place until `ended`, unless it may not begin.
  [[nodiscard]] std::optional<end_cause> dial(link_id link,
                                              std::string_view own,
                                              std::string_view name,
                                              clock::time_point now);

  /// The dial has reached the peer of that name. It keeps its place until
  /// `ended` also where it may not go on.
  [[nodiscard]] std::optional<end_cause> reached(link_id link,
                                                 std::string_view own,
                                                 std::string_view name,
                                                 clock::time_point now);

  /// A peer has come in. It has a place until `ended`, unless it may not stay.
  [[nodiscard]] std::optional<end_cause> accept(link_id link,
                                                std::string_view own,
                                                std::string_view name,
                                                clock::time_point now);

  void ended(link_id link);

  [[nodiscard]] bool full() const noexcept {
    return links_.size() >= most_;
  }

  [[nodiscard]] std::size_t size() const noexcept {
    return links_.size();
  }

private:
  struct place {
    direction way;
    std::string name;
    bool under_way; ///< a dial that has not reached anybody
    clock::time_point since;
  };

  /// Whether `own` decides, and there is a fresh link to `name` of that way.
  [[nodiscard]] bool crosses(direction way, std::string_view own,
                             std::string_view name,
                             clock::time_point now) const;

  std::size_t most_;
  clock::duration crossing_;
  std::unordered_map<link_id, place> links_;
};

} // namespace mfo::cluster::wire
