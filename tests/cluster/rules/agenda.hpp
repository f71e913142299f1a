#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

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
    items_.emplace(std::pair{when, ++turns_}, std::move(what));
  }

  void in(clock::duration delay, action what) {
    at(now_ + delay, std::move(what));
  }

  /// Lets time pass until the next is due, and does it. Requires: there is one.
  void step() {
    auto first = items_.extract(items_.begin());
    now_ = first.key().first;
    first.mapped()();
  }

private:
  clock::time_point now_{std::chrono::hours{1}};
  std::map<std::pair<clock::time_point, std::uint64_t>, action> items_;
  std::uint64_t turns_ = 0;
};

} // namespace mfo::cluster::simulated
