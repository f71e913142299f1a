#include "torture/wire/link.hpp"

#include <algorithm>
#include <utility>

namespace mfo::wire {

link::link(deliver to, std::uint64_t seed)
  : deliver_(std::move(to)), losses_(seed), delays_(seed) {}

void link::set(const rule& given) {
  rule_ = given;
  delay_until_ = clock::time_point::min();
}

void link::take(packet one, clock::time_point now) {
  if (rule_.cut) {
    ++counts_.cut;
    return;
  }
  if (rule_.loss > 0 && std::bernoulli_distribution{rule_.loss}(losses_)) {
    ++counts_.lost;
    return;
  }
  const auto at = arrival(now);
  if (on_its_way_.empty() && at <= now)
    return hand_over(one);
  if (on_its_way_.size() == max_packets || bytes_ + one.size() > max_bytes) {
    ++counts_.overflow;
    return;
  }
  bytes_ += one.size();
  on_its_way_.push_back({at, {one.begin(), one.end()}});
}

void link::release(clock::time_point now) {
  while (!on_its_way_.empty() && on_its_way_.front().due <= now) {
    const auto& [due, bytes] = on_its_way_.front();
    if (rule_.cut)
      ++counts_.cut;
    else
      hand_over(bytes);
    bytes_ -= bytes.size();
    on_its_way_.pop_front();
  }
}

std::optional<clock::time_point> link::due() const {
  if (on_its_way_.empty())
    return std::nullopt;
  return on_its_way_.front().due;
}

clock::time_point link::arrival(clock::time_point now) {
  if (now >= delay_until_) {
    delay_ = std::chrono::milliseconds{
        std::uniform_int_distribution<std::chrono::milliseconds::rep>{
            rule_.min_delay.count(), rule_.max_delay.count()}(delays_)};
    delay_until_ = now + steady_for;
  }
  const auto at = now + delay_;
  return on_its_way_.empty() ? at : std::max(at, on_its_way_.back().due);
}

void link::hand_over(packet one) {
  ++(deliver_(one) ? counts_.forwarded : counts_.overflow);
}

} // namespace mfo::wire
