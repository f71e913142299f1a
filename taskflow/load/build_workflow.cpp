#include "taskflow/load/link.hpp"

#include <algorithm>
#include <iterator>

namespace mfo::taskflow {

namespace {

block build_block(draft_block&& draft);

std::vector<std::size_t> indexes_of(const std::vector<name_at>& names,
                                    const draft_block& block) {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < block.tasks.size(); ++i)
    if (std::ranges::find(names, block.tasks[i].made.id, &name_at::name) !=
        names.end())
      result.push_back(i);
  return result;
}

/// Puts a task's blocks, or what it selects, into its configuration.
struct blocks_into_config {
  task_notes& notes;
  const draft_block& around;

  std::shared_ptr<const block> take(std::size_t index) const {
    return std::make_shared<const block>(
        build_block(std::move(notes.blocks[index])));
  }

  void operator()(for_each_task& task) const {
    task.each = take(0);
  }

  void operator()(loop_task& task) const {
    task.body = take(0);
  }

  void operator()(fork_task& task) const {
    for (std::size_t i = 0; i < task.branches.size(); ++i)
      task.branches[i].body = take(i);
  }

  void operator()(try_task& task) const {
    task.tasks = take(0);
    task.rescue = take(1);
  }

  void operator()(condition_task& task) const {
    for (std::size_t i = 0; i < task.cases.size(); ++i)
      task.cases[i].then = indexes_of(notes.targets[i], around);
    task.otherwise = indexes_of(notes.targets.back(), around);
  }

  template <class T>
  void operator()(T&) const {}
};

/// Requires: what is named here has not been built yet.
void complete(draft_task& draft, const draft_block& around) {
  auto& made = draft.made;
  std::visit(blocks_into_config{draft.notes, around}, made.config);
  if (draft.depends) {
    made.depends = *std::move(draft.depends);
    made.depends_on = std::move(draft.depends_on);
  } else if (!draft.after.empty()) {
    std::vector<std::string> names;
    for (const auto& each : draft.after)
      names.push_back(each.name);
    made.depends = depends_expression::all_of(names);
    for (const auto& mention : made.depends.mentions())
      made.depends_on.push_back(
          indexes_of({{mention.task, {}}}, around).front());
  }
  made.waits_for.assign(draft.waits_for.begin(), draft.waits_for.end());
  made.selected_by.assign(draft.selected_by.begin(), draft.selected_by.end());
}

block build_block(draft_block&& draft) {
  block result;
  for (auto& each : draft.tasks)
    complete(each, draft);
  for (auto& each : draft.tasks)
    result.tasks.push_back(std::move(each.made));
  result.output = std::move(draft.output);
  return result;
}

} // namespace

workflow build_workflow(draft_workflow&& file) {
  auto result = std::move(file.made);
  for (auto& each : file.triggers)
    result.triggers.push_back(std::move(each.made));
  for (auto& each : file.taskflows) {
    each.made.body = build_block(std::move(each.body));
    result.taskflows.push_back(std::move(each.made));
  }
  return result;
}

} // namespace mfo::taskflow
