#include "taskflow/graph/picture.hpp"

#include "taskflow/graph/item_text.hpp"

#include <algorithm>
#include <utility>

namespace mfo::taskflow {

namespace {

using item = picture::item;
using arrow = picture::arrow;

bool contains(const std::vector<std::size_t>& all, std::size_t one) {
  return std::ranges::find(all, one) != all.end();
}

/// Draws the taskflows of a workflow, one after another.
class painter {
public:
  painter(const workflow& file, picture& into) : file_(file), into_(into) {}

  /// Gives the taskflows that it runs.
  std::vector<std::size_t> draw(std::size_t taskflow) {
    const auto& of = file_.taskflows[taskflow];
    taskflow_ = taskflow;
    auto drawn = describe(of);
    drawn.id = of.id;
    drawn.inside = items_of(of.body);
    into_.items.push_back(std::move(drawn));
    return std::exchange(reached_, {});
  }

  void draw(const trigger& of) {
    auto drawn = describe(of);
    drawn.id = ":" + of.id;
    edge(drawn.id, file_.taskflows[of.taskflow].id, arrow::starts);
    into_.items.push_back(std::move(drawn));
  }

private:
  void edge(std::string from, std::string to, arrow what,
            std::vector<std::string> labels = {}) {
    into_.edges.push_back(
        {std::move(from), std::move(to), what, std::move(labels)});
  }

  [[nodiscard]] std::string id_of(const task& of) const {
    return file_.taskflows[taskflow_].id + "/" + of.id;
  }

  std::vector<item> items_of(const block& of) {
    std::vector<item> items;
    for (std::size_t i = 0; i < of.tasks.size(); ++i) {
      const auto& each = of.tasks[i];
      auto drawn = describe(each, file_);
      drawn.id = id_of(each);
      std::visit(
          [&](const auto& config) {
            if constexpr (requires { fill(drawn, config); })
              fill(drawn, config);
          },
          each.config);
      items.push_back(std::move(drawn));
      for (const auto before : each.waits_for)
        connect(of, before, i);
    }
    return items;
  }

  void fill(item& drawn, const for_each_task& config) {
    drawn.inside = items_of(*config.each);
  }

  void fill(item& drawn, const loop_task& config) {
    drawn.inside = items_of(*config.body);
  }

  void fill(item& drawn, const fork_task& config) {
    for (const auto& branch : config.branches)
      add_block(drawn, picture::kind::branch, branch.name,
                "branch " + branch.name, *branch.body);
  }

  void fill(item& drawn, const try_task& config) {
    add_block(drawn, picture::kind::tried, "tasks", "tasks", *config.tasks);
    add_block(drawn, picture::kind::rescue, "catch", "catch", *config.rescue);
    edge(drawn.inside.front().id, drawn.inside.back().id, arrow::fails,
         {"failed"});
  }

  void fill(item& drawn, const subflow_task& config) {
    reached_.push_back(config.taskflow);
    // An arrow out of a box into the very same would be no help.
    if (config.taskflow != taskflow_)
      edge(drawn.id, file_.taskflows[config.taskflow].id, arrow::runs,
           {"runs"});
  }

  void add_block(item& around, picture::kind what, const std::string& name,
                 const std::string& title, const block& of) {
    around.inside.push_back({.id = around.id + "/" + name,
                             .what = what,
                             .title = picture_text(title),
                             .type = {},
                             .notes = {},
                             .inside = items_of(of)});
  }

  /// The task `after` waits for the task `before`.
  void connect(const block& of, std::size_t before, std::size_t after) {
    const auto& from = of.tasks[before];
    const auto& to = of.tasks[after];
    const bool selected = contains(to.selected_by, before);
    if (selected)
      edge(id_of(from), id_of(to), arrow::selects,
           choices_of(from.config, after));
    auto outcomes = outcomes_text(to.depends, from.id);
    if (!outcomes.empty())
      edge(id_of(from), id_of(to), arrow::waits, {std::move(outcomes)});
    else if (!selected)
      edge(id_of(from), id_of(to), arrow::waits);
  }

  /// When the condition selects the task with this index.
  static std::vector<std::string> choices_of(const task_config& condition,
                                             std::size_t task) {
    std::vector<std::string> labels;
    const auto* config = std::get_if<condition_task>(&condition);
    if (config == nullptr)
      return labels;
    for (const auto& choice : config->cases)
      if (contains(choice.then, task))
        labels.push_back(picture_text(choice.label));
    if (contains(config->otherwise, task))
      labels.emplace_back("else");
    return labels;
  }

  const workflow& file_;
  picture& into_;
  std::size_t taskflow_ = 0;
  std::vector<std::size_t> reached_; ///< by the taskflow that is drawn
};

} // namespace

picture picture_of(const workflow& file) {
  picture made{.title = picture_text(file.name), .items = {}, .edges = {}};
  painter painter(file, made);
  for (const auto& each : file.triggers)
    painter.draw(each);
  for (std::size_t i = 0; i < file.taskflows.size(); ++i)
    painter.draw(i);
  return made;
}

picture picture_of(const workflow& file, std::size_t taskflow) {
  picture made{.title = picture_text(file.name), .items = {}, .edges = {}};
  painter painter(file, made);
  for (const auto& each : file.triggers)
    if (each.taskflow == taskflow)
      painter.draw(each);
  std::vector<std::size_t> drawn;
  std::vector<std::size_t> wanted{taskflow};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (contains(drawn, wanted[i]))
      continue;
    drawn.push_back(wanted[i]);
    for (const auto other : painter.draw(wanted[i]))
      wanted.push_back(other);
  }
  return made;
}

} // namespace mfo::taskflow
