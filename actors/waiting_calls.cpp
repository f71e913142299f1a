#include "actors/waiting_calls.hpp"

namespace mfo::actors {

void waiting_calls::add(waiting_place& one) {
  line_.insert(one);
  if (!one.patient)
    ++impatient_;
}

void waiting_calls::remove(waiting_place& one) noexcept {
  if (!one.is_linked())
    return;
  line_.erase(line_.iterator_to(one));
  if (!one.patient)
    --impatient_;
}

std::uint64_t waiting_calls::most_urgent() const {
  return line_.begin()->number;
}

std::uint64_t waiting_calls::youngest() const {
  return line_.rbegin()->number;
}

std::optional<waiting_calls::time_point> waiting_calls::next_deadline() const {
  if (line_.empty())
    return std::nullopt;
  return line_.begin()->deadline;
}

std::vector<std::uint64_t> waiting_calls::due_by(time_point when) const {
  std::vector<std::uint64_t> result;
  for (const auto& each : line_) {
    if (each.deadline > when)
      break;
    result.push_back(each.number);
  }
  return result;
}

std::vector<std::uint64_t> waiting_calls::impatient() const {
  std::vector<std::uint64_t> result;
  if (impatient_ == 0)
    return result;
  for (const auto& each : line_)
    if (!each.patient)
      result.push_back(each.number);
  std::ranges::sort(result);
  return result;
}

} // namespace mfo::actors
