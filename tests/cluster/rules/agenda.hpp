#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace mfo::cluster::simulated {

using clock = std::chrono::steady_clock;

/// Virtual time: what is to happen, and when. What is due at the same time
/// happens in the order in which it was put down.
class agenda {
public:
  using action = std::function<void()>;

  [[nodiscard]] clock::time_point now() const {
    return now_;
  }

  void at(clock::time_point when, action what) {
    std::size_t place = actions_.size();
    if (free_.empty()) {
      actions_.push_back(std::move(what));
    } else {
      place = free_.back();
      free_.pop_back();
      actions_[place] = std::move(what);
    }
    items_.push_back({when, ++turns_, place});
    std::push_heap(items_.begin(), items_.end());
  }

  void in(clock::duration delay, action what) {
    at(now_ + delay, std::move(what));
  }

  /// Lets time pass until the next is due, and does it. Requires: there is one.
  void step() {
    std::pop_heap(items_.begin(), items_.end());
    const auto next = items_.back();
    items_.pop_back();
    now_ = next.when;
    const auto what = std::exchange(actions_[next.place], nullptr);
    free_.push_back(next.place);
    what();
  }

  /// Does all that is due by then.
  void run_until(clock::time_point end) {
    while (!items_.empty() && items_.front().when <= end)
      step();
    now_ = end;
  }

private:
  /// Small, as a heap moves its items about; the actions stay where they are.
  struct item {
    clock::time_point when;
    std::uint64_t turn;
    std::size_t place; ///< of the action

    /// The next one is the greatest.
    friend bool operator<(const item& a, const item& b) {
      return std::pair{b.when, b.turn} < std::pair{a.when, a.turn};
    }
  };

  clock::time_point now_{std::chrono::hours{1}};
  std::vector<item> items_; ///< a heap
  std::vector<action> actions_;
  std::vector<std::size_t> free_; ///< places in `actions_`
  std::uint64_t turns_ = 0;
};

} // namespace mfo::cluster::simulated
