#include "config/resolve.hpp"
#include "config/text.hpp"
#include "config/uniqueness.hpp"
#include "taskflow/load/fields.hpp"
#include "taskflow/load/link.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mfo::taskflow {

using config::cursor;
using config::reader;

namespace {

constexpr std::string_view roots_of_a_run[]{"INPUT", "TRIGGER", "CONTEXT"};

/// A block, those around it, and the task in it that is looked at.
struct frame {
  const frame* outer;
  draft_block* block;
  std::size_t task;
};

/// `task` of the frame of what is evaluated at the end of a block.
constexpr auto at_the_end = static_cast<std::size_t>(-1);

std::string home_of(std::string_view root) {
  if (root == "ITEM" || root == "INDEX")
    return "only the tasks of a for_each see it";
  if (root == "ITERATION")
    return "only a loop sees it";
  if (root == "ERROR")
    return "only the tasks of a catch see it";
  return {};
}

std::optional<std::size_t> index_of(const draft_block& block,
                                    std::string_view id) {
  const auto& tasks = block.tasks;
  const auto found = std::ranges::find_if(
      tasks, [&](const auto& each) { return each.made.id == id; });
  if (found == tasks.end() || id.empty())
    return std::nullopt;
  return static_cast<std::size_t>(found - tasks.begin());
}

class linker {
public:
  linker(draft_flow& flow, const draft_workflow& file, reader& in)
    : flow_(flow), file_(file), in_(in), unique_(in) {}

  void run() {
    collect(flow_.body);
    link(flow_.body, nullptr, flow_.made.timeout);
  }

private:
  void collect(const draft_block& block) {
    for (const auto& each : block.tasks) {
      if (each.at.value == nullptr)
        continue;
      unique_.add(each.made.id, key_of(each.at, "id"));
      ids_.insert(each.made.id);
      for (const auto& inner : each.notes.blocks)
        collect(inner);
    }
  }

  void link(draft_block& block, const frame* outer, milliseconds limit) {
    frame here{outer, &block, 0};
    for (; here.task < block.tasks.size(); ++here.task)
      if (block.tasks[here.task].at.value != nullptr)
        link(block.tasks[here.task], here, limit);
    here.task = at_the_end;
    for (const auto& use : block.notes.uses)
      link(use, here);
  }

  void link(draft_task& task, const frame& here, milliseconds limit) {
    link_order(task, here);
    for (const auto& use : task.notes.uses)
      link(use, here);
    link_targets(task, here);
    link_names(task);
    const auto own = task.made.timeout;
    if (own.count() > 0 && limit.count() > 0 && own > limit)
      in_.report(key_of(task.at, "timeout"),
                 fmt::format("is longer than that of the {} around it",
                             here.outer == nullptr ? "taskflow" : "task"));
    const auto inner = own.count() > 0 ? own : limit;
    for (auto& block : task.notes.blocks)
      link(block, &here, inner);
  }

  void link_order(draft_task& task, const frame& here) {
    for (const auto& [name, at] : task.after)
      if (const auto index = sibling(name, at.where(), at.path, here))
        task.waits_for.insert(*index);
    if (!task.depends)
      return;
    for (const auto& mention : task.depends->mentions()) {
      const auto where = place_in(*task.depends_at.value, mention.offset);
      const auto index =
          sibling(mention.task, where, task.depends_at.path, here);
      if (!index)
        continue;
      task.waits_for.insert(*index);
      task.depends_on.push_back(*index);
    }
  }

  /// A task of the same block.
  std::optional<std::size_t> sibling(const std::string& name,
                                     config::place where,
                                     const std::string& path,
                                     const frame& here) {
    if (const auto index = index_of(*here.block, name))
      return index;
    if (ids_.contains(name))
      in_.report(where, path, fmt::format("{} is in another block", name),
                 "only tasks of the same block can be named here");
    else
      report_unknown(name, where, path, {here.outer, here.block, at_the_end},
                     false);
    return std::nullopt;
  }

  void report_unknown(std::string_view name, config::place where,
                      const std::string& path, const frame& here,
                      bool with_outer) {
    std::vector<std::string_view> names;
    for (const auto* at = &here; at != nullptr;
         at = with_outer ? at->outer : nullptr)
      for (std::size_t i = 0; i < at->block->tasks.size(); ++i)
        if (i != at->task && !at->block->tasks[i].made.id.empty())
          names.emplace_back(at->block->tasks[i].made.id);
    const auto near = config::nearest(name, names);
    in_.report(where, path, "there is no such task",
               near ? fmt::format("did you mean {}?", *near) : "");
  }

  void link_targets(draft_task& task, const frame& here) {
    for (const auto& names : task.notes.targets)
      for (const auto& [name, at] : names)
        if (const auto index = sibling(name, at.where(), at.path, here)) {
          auto& target = here.block->tasks[*index];
          target.selected_by.insert(here.task);
          target.waits_for.insert(here.task);
        }
  }

  void link_names(draft_task& task) {
    if (task.retry) {
      config::referents known{{},
                              "the name of an entry of "
                              "global_configs.retries"};
      for (const auto& each : file_.retries)
        known.names.emplace_back(each.name);
      if (const auto found = std::ranges::find(file_.retries, task.retry->name,
                                               &config::retry_settings::name);
          found != file_.retries.end())
        task.made.retry = *found;
      else if (task.retry->name == "default")
        task.made.retry.emplace();
      else
        check_reference(known, task.retry->name, task.retry->at, in_);
    }
    if (const auto& other = task.notes.taskflow)
      if (const auto index = find_taskflow(*other, file_, in_)) {
        flow_.runs.emplace(*index, other->at);
        task.made.config = subflow_task{
            *index, std::get<subflow_task>(task.made.config).input};
      }
    if (task.notes.prompt)
      check_prompt(*task.notes.prompt, file_, in_);
  }

  void link(const expression_use& use, const frame& here) {
    switch (use.what.what) {
    case reference::kind::root:
      return link_root(use, here);
    case reference::kind::secret:
      return link_secret(use);
    case reference::kind::task:
      return link_result(use, here);
    }
  }

  void link_root(const expression_use& use, const frame& here) {
    const auto& name = use.what.name;
    bool known =
        std::ranges::find(roots_of_a_run, name) != std::end(roots_of_a_run);
    for (const auto* at = &here; at != nullptr && !known; at = at->outer)
      known =
          std::ranges::find(at->block->roots, name) != at->block->roots.end();
    if (!known)
      in_.report(use.what.where, use.path, name + " is not known here",
                 home_of(name));
  }

  void link_secret(const expression_use& use) {
    std::vector<std::string_view> names;
    for (const auto& each : file_.made.secrets)
      names.emplace_back(each.name);
    if (!use.takes_secrets)
      in_.report(use.what.where, use.path, "a secret must not stand here",
                 "only url, headers and body of http_call, and arguments of a "
                 "tool, may hold one");
    else if (std::ranges::find(names, use.what.name) == names.end()) {
      const auto near = config::nearest(use.what.name, names);
      in_.report(use.what.where, use.path,
                 "there is no such secret in global_configs.secrets",
                 near ? fmt::format("did you mean {}?", *near) : "");
    }
  }

  /// The result of a task: of the same block, or of one around it, for which
  /// the task that holds this one waits then.
  void link_result(const expression_use& use, const frame& here) {
    const auto& name = use.what.name;
    for (const auto* at = &here; at != nullptr; at = at->outer) {
      const auto index = index_of(*at->block, name);
      if (!index)
        continue;
      if (at != &here && *index == at->task)
        in_.report(
            use.what.where, use.path,
            fmt::format("{} has no result yet: this is a part of it", name));
      else if (at->task != at_the_end)
        at->block->tasks[at->task].waits_for.insert(*index);
      return;
    }
    if (ids_.contains(name))
      in_.report(use.what.where, use.path,
                 fmt::format("{} is in another block, whose results cannot be "
                             "seen from here",
                             name),
                 "refer to the task that holds the block");
    else
      report_unknown(name, use.what.where, use.path, here, true);
  }

  draft_flow& flow_;
  const draft_workflow& file_;
  reader& in_;
  config::uniqueness unique_;
  std::set<std::string, std::less<>> ids_;
};

} // namespace

void link_tasks(draft_flow& flow, const draft_workflow& file, reader& in) {
  linker(flow, file, in).run();
}

std::optional<std::size_t>
find_taskflow(const name_at& name, const draft_workflow& file, reader& in) {
  config::referents known{{}, "the id of a taskflow"};
  for (std::size_t i = 0; i < file.taskflows.size(); ++i) {
    if (file.taskflows[i].made.id == name.name && !name.name.empty())
      return i;
    known.names.emplace_back(file.taskflows[i].made.id);
  }
  check_reference(known, name.name, name.at, in);
  return std::nullopt;
}

} // namespace mfo::taskflow
