#include "devserver/event_log.hpp"

#include <algorithm>

namespace mfo::devserver {

namespace {

std::size_t cost(const recorded_event& event) noexcept {
  return sizeof(event) + event.id.capacity() + event.headers.size() +
         event.body.capacity();
}

} // namespace

void event_log::append(recorded_event event) {
  auto shared = std::make_shared<const recorded_event>(std::move(event));
  const std::lock_guard lock(mutex_);
  bytes_ += cost(*shared);
  events_.push_back(std::move(shared));
  while (events_.size() > max_events_ ||
         (bytes_ > max_bytes_ && !events_.empty())) {
    bytes_ -= cost(*events_.front());
    events_.pop_front();
    ++dropped_;
  }
}

std::size_t event_log::clear() {
  std::deque<event_ptr> old; // freed after the lock is gone
  const std::lock_guard lock(mutex_);
  old.swap(events_);
  bytes_ = 0;
  dropped_ = 0;
  return old.size();
}

event_log::counts event_log::count() const {
  const std::lock_guard lock(mutex_);
  return {events_.size(), dropped_};
}

event_log::page event_log::read(std::uint64_t from, std::size_t limit,
                                std::uint64_t to) const {
  const std::lock_guard lock(mutex_);
  const auto end = dropped_ + events_.size();
  const auto first = std::clamp(from, dropped_, end);
  const auto beyond = std::clamp(to, first, end);
  const auto taken = std::min<std::uint64_t>(limit, beyond - first);
  const auto begin =
      events_.begin() + static_cast<std::ptrdiff_t>(first - dropped_);
  return {{begin, begin + static_cast<std::ptrdiff_t>(taken)}, first + taken};
}

std::uint64_t event_log::end() const {
  const std::lock_guard lock(mutex_);
  return dropped_ + events_.size();
}

} // namespace mfo::devserver
