#include "taskflow/run/block_plan.hpp"

#include <algorithm>

namespace mfo::taskflow {

block_plan::block_plan(const block& of)
  : block_(of), edges_from_(of.tasks.size() + 1),
    others_from_(of.tasks.size() + 1) {
  const auto count = static_cast<std::uint32_t>(of.tasks.size());
  for (const auto& task : of.tasks)
    for (const auto before : task.waits_for)
      ++edges_from_[before + 1];
  for (std::uint32_t i = 0; i < count; ++i)
    edges_from_[i + 1] += edges_from_[i];
  edges_.resize(edges_from_.back());

  // Which task named it last, so that no task needs a set of its own.
  std::vector<std::uint32_t> named(count, count);
  std::vector<std::uint32_t> selects(count, count);
  auto next = edges_from_;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto& task = of.tasks[i];
    for (const auto before : task.depends_on)
      named[before] = i;
    for (const auto before : task.selected_by)
      selects[before] = i;
    for (const auto before : task.waits_for) {
      edges_[next[before]++] = i;
      if (selects[before] != i && named[before] != i)
        others_.push_back(static_cast<std::uint32_t>(before));
    }
    others_from_[i + 1] = static_cast<std::uint32_t>(others_.size());
  }
}

std::span<const std::uint32_t> block_plan::dependents(std::size_t task) const {
  return std::span{edges_}.subspan(edges_from_[task],
                                   edges_from_[task + 1] - edges_from_[task]);
}

std::span<const std::uint32_t> block_plan::others(std::size_t task) const {
  return std::span{others_}.subspan(others_from_[task], others_from_[task + 1] -
                                                            others_from_[task]);
}

std::optional<std::size_t> block_plan::find(std::string_view id) {
  if (by_id_.empty())
    for (std::size_t i = 0; i < block_.tasks.size(); ++i)
      by_id_.emplace(block_.tasks[i].id, i);
  const auto found = by_id_.find(id);
  if (found == by_id_.end())
    return std::nullopt;
  return found->second;
}

bool block_plan::handles(std::size_t task, task_outcome outcome) const {
  const auto edges = dependents(task);
  return std::any_of(edges.begin(), edges.end(), [&](auto i) {
    const auto& dependent = block_.tasks[i];
    const auto& named = dependent.depends_on;
    return std::find(named.begin(), named.end(), task) != named.end() &&
           dependent.depends.handles(block_.tasks[task].id, outcome);
  });
}

} // namespace mfo::taskflow
