#include "taskflow/run/run_state.hpp"

#include <algorithm>

namespace mfo::taskflow {

namespace {

/// What stands between a task and the tasks of one of its blocks.
struct segment_of_block {
  const block_run& block;

  std::string operator()(const for_each_task& /*of*/) const {
    return "each[" + std::to_string(block.slot) + "]/";
  }

  std::string operator()(const loop_task& /*of*/) const {
    return "turn[" + std::to_string(block.slot) + "]/";
  }

  std::string operator()(const fork_task& of) const {
    return of.branches[block.slot].name + "/";
  }

  std::string operator()(const try_task& of) const {
    return block.definition == of.rescue.get() ? "catch/" : "tasks/";
  }

  template <class Other>
  std::string operator()(const Other& /*of*/) const {
    return {};
  }
};

} // namespace

const block_run* around(const block_run& inner) noexcept {
  if (!inner.parent || inner.parent->in->flow != inner.flow)
    return nullptr;
  return inner.parent->in;
}

bool is_tried(const block_run& block) noexcept {
  if (!block.parent)
    return false;
  const auto* of = std::get_if<try_task>(&block.parent->definition().config);
  return of && of->tasks.get() == block.definition;
}

std::string path_of(const task_run& task) {
  std::vector<std::string> segments{task.definition().id};
  for (const auto* block = task.in; block->parent; block = block->parent->in) {
    const auto& parent = block->parent->definition();
    segments.push_back(parent.id + "/" +
                       std::visit(segment_of_block{*block}, parent.config));
  }
  std::string path;
  std::for_each(segments.rbegin(), segments.rend(),
                [&](const auto& segment) { path += segment; });
  return path;
}

json_ptr collected_result(const block_run& block) {
  const auto& tasks = block.definition->tasks;
  if (tasks.size() == 1)
    return block.tasks[0].result ? block.tasks[0].result
                                 : std::make_shared<const json>();
  json object = json::object();
  auto& members = object.get_ref<json::object_t&>();
  for (std::size_t i = 0; i < tasks.size(); ++i)
    if (block.tasks[i].result)
      members.emplace(tasks[i].id, *block.tasks[i].result);
  return std::make_shared<const json>(std::move(object));
}

} // namespace mfo::taskflow
