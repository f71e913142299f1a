#pragma once

#include "cluster/membership/view.hpp"
#include "tests/cluster/membership/cards.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mfo::cluster::test {

/// A node as another shows it.
struct shown_member {
  std::string name{};
  std::uint64_t process = 1;
  member_state state = member_state::alive;
  bool linked = true;
  bool draining = false;
};

/// Requires: the node whose view it is is among them.
inline std::shared_ptr<const view> view_of(const std::string& own,
                                           std::vector<shown_member> members) {
  std::sort(members.begin(), members.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  view::member_list all;
  for (const auto& each : members)
    all.push_back({.card = std::make_shared<const node_card>(
                       card_of(each.name, 1, each.process)),
                   .load = std::make_shared<const load_report>(
                       load_report{.draining = each.draining}),
                   .state = each.state,
                   .linked = each.linked,
                   .last_heard = {}});
  return std::make_shared<const view>(own, 1, std::move(all));
}

} // namespace mfo::cluster::test
