#include "taskflow/run/block_plan.hpp"

#include "taskflow/run/json_size.hpp"

#include <algorithm>

namespace mfo::taskflow {

namespace {

block_plan::step step_of(const task& task) {
  const auto* set = std::get_if<set_task>(&task.config);
  const auto* constant = set ? set->value.as_constant() : nullptr;
  return {.constant = constant,
          .constant_size = constant ? json_size(*constant) : 0,
          .waits_for = static_cast<std::uint32_t>(task.waits_for.size()),
          .priority = task.priority,
          .is_call = is_call(task.config),
          .has_timeout = task.timeout.count() > 0,
          .has_name = !task.output_as.empty(),
          .has_when = task.when.has_value(),
          .is_selected = !task.selected_by.empty(),
          .is_plain = task.selected_by.empty() && task.depends.is_plain()};
}

} // namespace

block_plan::block_plan(const block& of)
  : block_(of), edges_from_(of.tasks.size() + 1),
    others_from_(of.tasks.size() + 1) {
  const auto count = static_cast<std::uint32_t>(of.tasks.size());
  steps_.reserve(count);
  by_id_.reserve(count);
  for (const auto& task : of.tasks) {
    by_id_.emplace(task.id, steps_.size());
    steps_.push_back(step_of(task));
    for (const auto before : task.waits_for)
      ++edges_from_[before + 1];
  }
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

std::optional<std::size_t> block_plan::find(std::string_view id) const {
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
