#pragma once

#include "node/doctor/finding.hpp"

#include <cstddef>
#include <deque>
#include <future>
#include <utility>

namespace mfo::node::doctor {

/// So many threads: a configuration may have thousands of endpoints.
inline constexpr std::size_t most_at_once = 64;

/// What `look` finds at each item, many at the same time, each on a thread of
/// its own; in the order of the items.
template <class Items, class Look>
[[nodiscard]] findings at_once(const Items& items, const Look& look) {
  std::deque<std::future<findings>> under_way;
  findings all;
  const auto take_first = [&] {
    for (auto& one : under_way.front().get())
      all.push_back(std::move(one));
    under_way.pop_front();
  };
  for (const auto& each : items) {
    if (under_way.size() >= most_at_once)
      take_first();
    under_way.push_back(std::async(
        std::launch::async, [&look, &each] { return findings{look(each)}; }));
  }
  while (!under_way.empty())
    take_first();
  return all;
}

} // namespace mfo::node::doctor
