#include "taskflow/schedule/ticker.hpp"

#include <algorithm>
#include <utility>

namespace mfo::taskflow {

ticker::ticker(std::vector<cron_schedule> schedules, time now) : now_(now) {
  for (auto& each : schedules) {
    const auto next = each.next(now);
    entries_.push_back({std::move(each), next, now});
  }
}

std::vector<ticker::tick> ticker::advance(time now) {
  std::vector<tick> fired;
  const bool put_back = now < now_;
  now_ = now;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    auto& it = entries_[i];
    // What lies between has fired before the clock was put back.
    if (put_back)
      it.next = it.schedule.next(std::max(now, it.last));
    while (it.next && *it.next <= now) {
      it.last = *it.next;
      if (now - it.last <= grace)
        fired.push_back({i, it.last});
      else
        ++missed_;
      // Of a long time without a look only the last minute is of interest.
      it.next = it.schedule.next(std::max(it.last, now - grace));
    }
  }
  return fired;
}

std::optional<ticker::time> ticker::next() const {
  std::optional<time> soonest;
  for (const auto& each : entries_)
    if (each.next && (!soonest || *each.next < *soonest))
      soonest = each.next;
  return soonest;
}

} // namespace mfo::taskflow
