#pragma once

#include "core/event.hpp"
#include "core/ordering_key.hpp"
#include "core/outcome.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mfo::core {

/// How long after its deadline an event that is under way is waited for. By its
/// deadline it has ended; later than that its answer is lost.
inline constexpr std::chrono::milliseconds lane_grace{1'000};

/// How an event ends whose deadline came before its turn.
[[nodiscard]] inline outcome missed_turn() {
  return refused(errc::upstream_timeout, "its time was up before its turn");
}

/// How an event ends for which there is no place among those that wait.
[[nodiscard]] inline outcome no_turn_soon() {
  return refused(errc::saturated, "too many events of its key wait");
}

/// Lets one event of each lane (`lane_of`) go at a time, in the order in which
/// they come: the next one goes when the one before it has ended, however it
/// ended.
///
/// Bounded: `most` of a lane wait, and `max_waiting` in all. Who is under way
/// is bounded by whoever lets events in.
///
/// An `Item` has a member `event`, an event_ptr whose event is ordered. One
/// owner, not thread-safe; time is passed in.
template <class Item>
class event_lanes {
public:
  using clock = std::chrono::steady_clock;

  enum class verdict : std::uint8_t {
    go,     ///< now
    queued, ///< when those before it have ended
    full,   ///< not at all: too many wait
  };

  static constexpr std::size_t most_waiting = 10'000;

  explicit event_lanes(std::size_t max_waiting = most_waiting)
    : max_waiting_(max_waiting) {}

  /// Takes the item, `queued`, or leaves it as it is.
  verdict add(Item& item, std::size_t most = most_waiting) {
    auto& lane = lanes_[lane_of(*item.event)];
    if (!lane.under_way) {
      lane.under_way = item.event;
      return verdict::go;
    }
    if (lane.waiting.size() >= most || waiting_ >= max_waiting_)
      return verdict::full;
    lane.waiting.push_back(std::move(item));
    ++waiting_;
    return verdict::queued;
  }

  /// Whether the event goes, and has not ended. What is said of another is too
  /// late: its lane has been given up on it.
  [[nodiscard]] bool is_under_way(const event& ev) const {
    const auto found = lanes_.find(lane_of(ev));
    return found != lanes_.end() && found->second.under_way.get() == &ev;
  }

  /// The event has ended: gives the next of its lane, which goes now. Nothing
  /// where there is none, or the event was not under way.
  std::optional<Item> ended(const event& ev) {
    const auto found = lanes_.find(lane_of(ev));
    if (found == lanes_.end() || found->second.under_way.get() != &ev)
      return std::nullopt;
    auto& lane = found->second;
    if (lane.waiting.empty()) {
      lanes_.erase(found);
      return std::nullopt;
    }
    std::optional<Item> next{std::move(lane.waiting.front())};
    lane.waiting.pop_front();
    --waiting_;
    lane.under_way = next->event;
    return next;
  }

  /// Takes those out that wait and of which `wanted` is true, in the order of
  /// each lane.
  template <class Wanted>
  [[nodiscard]] std::vector<Item> take_waiting(Wanted wanted) {
    std::vector<Item> taken;
    for (auto& [key, lane] : lanes_)
      for (auto next = lane.waiting.begin(); next != lane.waiting.end();) {
        const auto each = next++;
        if (!wanted(std::as_const(*each)))
          continue;
        taken.push_back(std::move(*each));
        lane.waiting.erase(each);
      }
    waiting_ -= taken.size();
    return taken;
  }

  /// Those whose deadline has come while they wait.
  [[nodiscard]] std::vector<Item> take_overdue(clock::time_point now) {
    return take_waiting(
        [now](const Item& each) { return each.event->deadline <= now; });
  }

  /// Those under way that will not be heard of any more; `ended` is to be told.
  [[nodiscard]] std::vector<event_ptr> lost(clock::time_point now) const {
    std::vector<event_ptr> all;
    for (const auto& [key, lane] : lanes_)
      if (lane.under_way->deadline + lane_grace <= now)
        all.push_back(lane.under_way);
    return all;
  }

  [[nodiscard]] std::size_t waiting() const noexcept {
    return waiting_;
  }

  /// With an event under way.
  [[nodiscard]] std::size_t lanes() const noexcept {
    return lanes_.size();
  }

private:
  struct event_lane {
    event_ptr under_way{};     ///< never null between calls
    std::list<Item> waiting{}; ///< costs nothing while there are none
  };

  const std::size_t max_waiting_;
  std::unordered_map<std::string, event_lane> lanes_;
  std::size_t waiting_ = 0;
};

} // namespace mfo::core
