#include "core/restart_window.hpp"

#include <algorithm>

namespace mfo::core {

restart_window::restart_window(std::size_t max_restarts, clock::duration window,
                               std::chrono::milliseconds first_delay)
  : max_restarts_(max_restarts), window_(window), first_delay_(first_delay) {}

std::optional<std::chrono::milliseconds>
restart_window::on_failure(clock::time_point now) {
  while (!failures_.empty() && now - failures_.front() > window_)
    failures_.pop_front();
  failures_.push_back(now);
  if (failures_.size() > max_restarts_) {
    failures_.pop_front();
    return std::nullopt;
  }
  // The first restart is at once: most failures are of one event.
  const auto repeats = failures_.size() - 1;
  if (repeats == 0)
    return std::chrono::milliseconds{0};
  const auto longest =
      std::chrono::duration_cast<std::chrono::milliseconds>(window_);
  auto delay = first_delay_;
  for (std::size_t i = 1; i < repeats && delay < longest; ++i)
    delay *= 2;
  return std::min(delay, longest);
}

} // namespace mfo::core
