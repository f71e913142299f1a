#pragma once

#include "cluster/rules/placement.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

/// Events with one `ordering_key` run one after the other, in the order in
/// which their origin admitted them. The key picks the runner by rendezvous, so
/// that all origins send to the same node; there, `key_queues` lets one run at
/// a time. `key_routes` at the origin keeps to a runner while it has events of
/// the key, so that a change of the view does not let a later event overtake.
///
/// When a runner is lost, the origin gets back what has not ended in order (see
/// outbox.hpp), and places all of it before anything newer. What had begun may
/// run twice, and an event that ended elsewhere may come before: the sequence
/// of first runs is kept.
namespace mfo::cluster {

struct key_queue_bounds {
  std::size_t max_per_key = 1'000; ///< waiting
  std::size_t max_waiting = 10'000;
};

/// Lets one item of each key go at a time, in order. Of a runner: go is to run.
/// Of an origin whose peer has no credit left: go is to hand over. What waits
/// is bounded here; what is on its way, and so the number of keys, by whoever
/// lets it go. One owner, not thread-safe.
template <class Item>
class key_queues {
public:
  enum class verdict : std::uint8_t {
    go,              ///< now; `item` is untouched
    queued,          ///< when those before it have gone
    too_many_of_key, ///< refused; `item` is untouched
    too_many,        ///< refused, whatever its key; `item` is untouched
  };

  explicit key_queues(key_queue_bounds limits = {}) : limits_(limits) {}

  verdict add(const std::string& key, Item&& item) {
    const auto found = lanes_.find(key);
    if (found == lanes_.end()) {
      lanes_.emplace(key, key_lane{.busy = true});
      return verdict::go;
    }
    auto& lane = found->second;
    if (lane.waiting.size() >= limits_.max_per_key)
      return verdict::too_many_of_key;
    if (waiting_ >= limits_.max_waiting)
      return verdict::too_many;
    lane.waiting.push_back(std::move(item));
    ++waiting_;
    return verdict::queued;
  }

  /// Items that have come back go before all that wait, in their order. Never
  /// refused: whoever gave them back had counted them. They wait for `next`.
  void put_first(const std::string& key, std::vector<Item> items) {
    if (items.empty())
      return;
    auto& waiting = lanes_[key].waiting;
    waiting_ += items.size();
    for (; !items.empty(); items.pop_back())
      waiting.push_front(std::move(items.back()));
  }

  /// The next of this key, if none is on its way: it goes now.
  std::optional<Item> next(const std::string& key) {
    const auto found = lanes_.find(key);
    if (found == lanes_.end() || found->second.busy)
      return std::nullopt;
    auto& lane = found->second;
    std::optional<Item> first{std::move(lane.waiting.front())};
    lane.waiting.pop_front();
    --waiting_;
    lane.busy = true;
    return first;
  }

  /// The one that went has ended; gives the next, which goes now.
  std::optional<Item> finished(const std::string& key) {
    const auto found = lanes_.find(key);
    if (found == lanes_.end())
      return std::nullopt;
    found->second.busy = false;
    if (!found->second.waiting.empty())
      return next(key);
    lanes_.erase(found);
    return std::nullopt;
  }

  [[nodiscard]] std::size_t waiting() const noexcept {
    return waiting_;
  }

  /// With an item on its way, or waiting.
  [[nodiscard]] std::size_t keys() const noexcept {
    return lanes_.size();
  }

private:
  /// Never idle and empty: then it is not there.
  struct key_lane {
    bool busy = false;
    std::deque<Item> waiting{};
  };

  const key_queue_bounds limits_;
  std::unordered_map<std::string, key_lane> lanes_;
  std::size_t waiting_ = 0;
};

/// Who runs the events of each key that has any. Bounded by the number of
/// events that are open. One owner, not thread-safe.
class key_routes {
public:
  /// Where the next event of the key goes; it counts as open. `names`: who may
  /// run it, each once. Nobody else gets the key while one that is among them
  /// has open events of it. Empty: there is no name; nothing is counted.
  std::string open(const std::string& key, std::span<const std::string> names);

  /// An event of the key has ended, or came back.
  void close(const std::string& key);

  [[nodiscard]] std::size_t keys() const noexcept {
    return routes_.size();
  }

private:
  struct route {
    std::string runner{};
    std::size_t open = 0;
  };

  std::map<std::string, route> routes_;
};

/// Where an event with an ordering key is run, whatever the load and the credit
/// there: without credit it waits, as another node would run it out of order.
/// Counts it as open with `routes`, unless it is nowhere.
[[nodiscard]] placement place_in_order(const std::string& key,
                                       const placement_request& request,
                                       const candidate& self,
                                       std::span<const candidate> peers,
                                       key_routes& routes);

} // namespace mfo::cluster
