#pragma once

#include "node/doctor/finding.hpp"

#include <future>
#include <utility>
#include <vector>

namespace mfo::node::doctor {

/// What `look` finds at each item, all at the same time, each on a thread of
/// its own; in the order of the items.
template <class Items, class Look>
[[nodiscard]] findings at_once(const Items& items, const Look& look) {
  std::vector<std::future<findings>> under_way;
  for (const auto& each : items)
    under_way.push_back(std::async(
        std::launch::async, [&look, &each] { return findings{look(each)}; }));
  findings all;
  for (auto& each : under_way)
    for (auto& one : each.get())
      all.push_back(std::move(one));
  return all;
}

} // namespace mfo::node::doctor
