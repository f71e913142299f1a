#include "actors/waiting_calls.hpp"

namespace mfo::actors {

void waiting_calls::add(std::uint64_t number, time_point deadline,
                        bool patient) {
  line_.emplace(number, place{deadline, patient});
  by_deadline_.emplace(deadline, number);
  if (!patient)
    ++impatient_;
}

void waiting_calls::remove(std::uint64_t number) {
  const auto found = line_.find(number);
  if (found == line_.end())
    return;
  by_deadline_.erase({found->second.deadline, number});
  if (!found->second.patient)
    --impatient_;
  line_.erase(found);
}

std::uint64_t waiting_calls::most_urgent() const {
  return by_deadline_.begin()->second;
}

std::uint64_t waiting_calls::youngest() const {
  return by_deadline_.rbegin()->second;
}

std::optional<waiting_calls::time_point> waiting_calls::next_deadline() const {
  if (by_deadline_.empty())
    return std::nullopt;
  return by_deadline_.begin()->first;
}

std::vector<std::uint64_t> waiting_calls::due_by(time_point when) const {
  std::vector<std::uint64_t> result;
  for (const auto& [deadline, number] : by_deadline_) {
    if (deadline > when)
      break;
    result.push_back(number);
  }
  return result;
}

std::vector<std::uint64_t> waiting_calls::impatient() const {
  std::vector<std::uint64_t> result;
  if (impatient_ == 0)
    return result;
  for (const auto& [number, it] : line_)
    if (!it.patient)
      result.push_back(number);
  return result;
}

} // namespace mfo::actors
