#include "cluster/transport/link_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mfo::cluster::wire {

namespace {

end_cause no_place(std::size_t most) {
  return {end_reason::full,
          fmt::format("there are {} links, as many as may be", most)};
}

end_cause their_dial_stays(std::string_view name) {
  return {end_reason::crossed,
          fmt::format("{} has dialled this node at the same time, and that "
                      "link stays",
                      name)};
}

} // namespace

link_table::link_table(std::size_t most, clock::duration crossing)
  : most_(most), crossing_(crossing) {}

std::optional<end_cause> link_table::dial(link_id link, std::string_view own,
                                          std::string_view name,
                                          clock::time_point now) {
  if (full())
    return no_place(most_);
  if (crosses(direction::accepted, own, name, now))
    return their_dial_stays(name);
  links_.insert_or_assign(
      link, place{direction::dialled, std::string{name}, true, now});
  return std::nullopt;
}

std::optional<end_cause> link_table::reached(link_id link, std::string_view own,
                                             std::string_view name,
                                             clock::time_point now) {
  if (crosses(direction::accepted, own, name, now))
    return their_dial_stays(name);
  links_.insert_or_assign(
      link, place{direction::dialled, std::string{name}, false, now});
  return std::nullopt;
}

std::optional<end_cause> link_table::accept(link_id link, std::string_view own,
                                            std::string_view name,
                                            clock::time_point now) {
  if (full())
    return no_place(most_);
  if (crosses(direction::dialled, own, name, now))
    return end_cause{end_reason::crossed,
                     fmt::format("this node dials {} at the same time, and its "
                                 "own link stays",
                                 name)};
  links_.insert_or_assign(
      link, place{direction::accepted, std::string{name}, false, now});
  return std::nullopt;
}

void link_table::ended(link_id link) {
  links_.erase(link);
}

bool link_table::crosses(direction way, std::string_view own,
                         std::string_view name, clock::time_point now) const {
  if (own.empty() || name.empty() || own >= name)
    return false;
  return std::any_of(links_.begin(), links_.end(), [&](const auto& entry) {
    const auto& other = entry.second;
    return other.way == way && other.name == name &&
           (other.under_way || now - other.since < crossing_);
  });
}

} // namespace mfo::cluster::wire
