#include "cluster/claims/fired_log.hpp"

#include <algorithm>

namespace mfo::cluster {

void fired_log::add(const tick_record& what, bool own, clock::time_point now) {
  ticks_.push_back({what, own, now});
  if (ticks_.size() > max_ticks_)
    forget_first();
}

std::vector<tick_record> fired_log::next(reader& who, std::size_t most) const {
  std::vector<tick_record> batch;
  for (who.next = std::max(who.next, first_);
       has_more(who) && batch.size() < most; ++who.next) {
    const auto& each = ticks_[static_cast<std::size_t>(who.next - first_)];
    if (each.own || who.next < who.all_to)
      batch.push_back(each.what);
  }
  return batch;
}

void fired_log::forget_before(clock::time_point then) {
  while (!ticks_.empty() && ticks_.front().heard < then)
    forget_first();
}

void fired_log::forget_first() {
  ticks_.pop_front();
  ++first_;
}

} // namespace mfo::cluster
