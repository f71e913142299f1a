#pragma once

#include "core/event.hpp"
#include "core/ordering_key.hpp"

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mfo::cluster {

/// Ordered events whose claims are asked for: each goes on in its turn, whoever
/// is heard of first, as the one claim may be another node's to decide and the
/// next one this node's.
///
/// Bounded by whoever asks. One owner, not thread-safe.
template <class Item>
class claim_line {
public:
  /// The event stands behind those of its lane until it is heard of.
  void join(const core::event& ev) {
    lanes_[core::lane_of(ev)].push_back({&ev, std::nullopt});
  }

  [[nodiscard]] bool is_empty(const core::event& ev) const {
    return !lanes_.contains(core::lane_of(ev));
  }

  /// The event may go on; gives all that go on now, in their order.
  [[nodiscard]] std::vector<Item> may_go(const core::event& ev, Item item) {
    return settle(ev, std::move(item));
  }

  /// The event will not be heard of, or is not there any more.
  [[nodiscard]] std::vector<Item> leave(const core::event& ev) {
    return settle(ev, std::nullopt);
  }

private:
  struct place {
    const core::event* who;
    std::optional<Item> item; ///< nothing: not heard of
  };

  std::vector<Item> settle(const core::event& ev, std::optional<Item> item) {
    std::vector<Item> gone;
    const auto found = lanes_.find(core::lane_of(ev));
    if (found == lanes_.end())
      return gone;
    auto& lane = found->second;
    for (auto each = lane.begin(); each != lane.end(); ++each)
      if (each->who == &ev && !each->item) {
        if (item)
          each->item = std::move(item);
        else
          lane.erase(each);
        break;
      }
    for (; !lane.empty() && lane.front().item; lane.pop_front())
      gone.push_back(*std::move(lane.front().item));
    if (lane.empty())
      lanes_.erase(found);
    return gone;
  }

  std::unordered_map<std::string, std::deque<place>> lanes_;
};

} // namespace mfo::cluster
