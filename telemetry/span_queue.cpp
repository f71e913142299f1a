#include "telemetry/span_queue.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

namespace mfo::telemetry {

void span_queue::take(std::vector<span> spans) noexcept {
  std::size_t taken = 0;
  try {
    const std::lock_guard lock{mutex_};
    const auto before = waiting_.size();
    // Who asked before it was closed may come after that.
    const auto most = wants() ? limits_.max_waiting : 0;
    const auto room = most - std::min(most, before);
    while (taken < std::min(room, spans.size())) {
      waiting_.push_back(std::move(spans[taken]));
      ++taken;
    }
    if (before < limits_.max_batch && waiting_.size() >= limits_.max_batch &&
        tell_)
      tell_();
  } catch (const std::exception&) {
    // Out of memory: what was not taken is dropped.
  }
  if (const auto left = spans.size() - taken; left > 0)
    metrics_->tracing().dropped(left);
}

void span_queue::open(bounds limits) {
  const std::lock_guard lock{mutex_};
  limits_ = limits;
  open_ = true;
}

void span_queue::close() {
  const std::lock_guard lock{mutex_};
  open_ = false;
}

std::vector<span> span_queue::next_batch() {
  const std::lock_guard lock{mutex_};
  const auto size =
      static_cast<std::ptrdiff_t>(std::min(limits_.max_batch, waiting_.size()));
  const auto end = waiting_.begin() + size;
  std::vector<span> batch{std::make_move_iterator(waiting_.begin()),
                          std::make_move_iterator(end)};
  waiting_.erase(waiting_.begin(), end);
  return batch;
}

bool span_queue::has_batch() const {
  const std::lock_guard lock{mutex_};
  return waiting_.size() >= limits_.max_batch;
}

void span_queue::drop_all() {
  std::deque<span> gone;
  {
    const std::lock_guard lock{mutex_};
    gone.swap(waiting_);
  }
  if (!gone.empty())
    metrics_->tracing().dropped(gone.size());
}

void span_queue::when_batch(std::function<void()> tell) {
  const std::lock_guard lock{mutex_};
  tell_ = std::move(tell);
}

} // namespace mfo::telemetry
