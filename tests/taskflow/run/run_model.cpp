#include "tests/taskflow/run/run_model.hpp"

#include <algorithm>
#include <array>

namespace mfo::taskflow::tests {

namespace {

using enum task_outcome;

std::string text_of(answer one) {
  constexpr std::array texts{"INPUT.yes", "INPUT.no", "INPUT.bad"};
  return texts[static_cast<std::size_t>(one)];
}

bool good(task_outcome outcome) {
  return outcome == succeeded || outcome == skipped;
}

bool has(const std::vector<std::size_t>& list, std::size_t one) {
  return std::ranges::find(list, one) != list.end();
}

names names_of(const std::vector<std::size_t>& list) {
  names all;
  for (const auto one : list)
    all.push_back(model::name(one));
  return all;
}

bool depends_hold(const model_task& task,
                  const std::vector<task_outcome>& found) {
  const auto holds = [&](const term& one) {
    return one.holds(found[one.task]);
  };
  return task.depends.empty() ||
         (task.all_of_depends ? std::ranges::all_of(task.depends, holds)
                              : std::ranges::any_of(task.depends, holds));
}

std::string text_of_depends(const model_task& task) {
  std::string text;
  for (const auto& one : task.depends) {
    if (!text.empty())
      text += task.all_of_depends ? " && " : " || ";
    text += (one.negated ? "!" : "") + model::name(one.task);
    if (one.named)
      text += "." + std::string{to_string(*one.named)};
  }
  return text;
}

} // namespace

bool term::holds(task_outcome of) const {
  return negated != (named ? *named == of : good(of));
}

model::model(unsigned seed) : random_(seed) {
  tasks.resize(1 + below(10));
  fail_fast = below(2) == 0;
  max_concurrency = 1 + below(4);
  for (std::size_t i = 0; i < tasks.size(); ++i)
    fill(i);
}

std::size_t model::below(std::size_t bound) {
  return std::uniform_int_distribution<std::size_t>{0, bound - 1}(random_);
}

std::vector<std::size_t> model::some(std::size_t from, std::size_t to) {
  std::vector<std::size_t> chosen;
  for (auto i = from; i < to; ++i)
    if (below(4) == 0)
      chosen.push_back(i);
  return chosen;
}

answer model::any_answer() {
  const auto n = below(10);
  return n < 6 ? answer::yes : n < 9 ? answer::no : answer::bad;
}

void model::fill(std::size_t i) {
  auto& task = tasks[i];
  task.is_condition = below(4) == 0;
  task.nested = !task.is_condition && below(5) == 0;
  const auto n = below(10);
  task.scripted = n < 7 ? succeeded : n < 9 ? failed : errored;
  for (const auto before : some(0, i)) {
    std::optional<task_outcome> named;
    if (below(2) == 0)
      named = static_cast<task_outcome>(below(5));
    task.depends.push_back({before, below(4) == 0, named});
  }
  task.all_of_depends = below(2) == 0;
  if (below(3) == 0)
    task.reads = some(0, i);
  if (below(4) == 0)
    task.when = any_answer();
  if (!task.is_condition)
    return;
  for (auto left = 1 + below(2); left > 0; --left)
    task.cases.emplace_back(any_answer(), some(i + 1, tasks.size()));
  task.otherwise = some(i + 1, tasks.size());
}

std::vector<task_outcome> model::outcomes() const {
  std::vector<task_outcome> found;
  for (std::size_t i = 0; i < tasks.size(); ++i)
    found.push_back(outcome_of(i, found));
  return found;
}

bool model::handles(std::size_t task, task_outcome outcome) const {
  return std::ranges::any_of(tasks, [&](const auto& other) {
    return std::ranges::any_of(other.depends, [&](const term& one) {
      return one.task == task && one.holds(outcome);
    });
  });
}

std::vector<std::size_t> model::waits_for(std::size_t task) const {
  auto all = tasks[task].reads;
  for (const auto& one : tasks[task].depends)
    all.push_back(one.task);
  for (std::size_t c = 0; c < task; ++c)
    if (may_select(c, task))
      all.push_back(c);
  return all;
}

bool model::may_select(std::size_t condition, std::size_t task) const {
  const auto& of = tasks[condition];
  return of.is_condition &&
         (has(of.otherwise, task) ||
          std::ranges::any_of(of.cases, [&](const auto& one) {
            return has(one.second, task);
          }));
}

bool model::selects(std::size_t condition, std::size_t task) const {
  for (const auto& [when, then] : tasks[condition].cases)
    if (when == answer::yes)
      return has(then, task);
  return has(tasks[condition].otherwise, task);
}

task_outcome model::outcome_of(std::size_t i,
                               const std::vector<task_outcome>& found) const {
  const auto& task = tasks[i];
  bool selectable = false;
  bool selected = false;
  for (std::size_t c = 0; c < i; ++c)
    if (may_select(c, i)) {
      selectable = true;
      selected = selected || (found[c] == succeeded && selects(c, i));
    }
  if (selectable && !selected)
    return skipped;
  if (!depends_hold(task, found))
    return omitted;
  for (const auto read : task.reads) {
    const bool named = std::ranges::any_of(
        task.depends, [&](const auto& one) { return one.task == read; });
    if (!named && !may_select(read, i) && !good(found[read]))
      return omitted;
  }
  if (task.when != answer::yes)
    return task.when == answer::no ? skipped : errored;
  if (!task.is_condition)
    return task.scripted;
  for (const auto& [when, then] : task.cases) {
    if (when == answer::bad)
      return errored;
    if (when == answer::yes)
      break;
  }
  return succeeded;
}

node model::node_of(std::size_t i) const {
  const auto& task = tasks[i];
  auto made = call(name(i));
  if (task.nested)
    made = fork(name(i), {{"x", shared({call("inner")})}});
  if (task.is_condition) {
    std::vector<choice> cases;
    for (const auto& [when, then] : task.cases)
      cases.emplace_back(text_of(when), names_of(then));
    made = condition(name(i), std::move(cases), names_of(task.otherwise));
  }
  if (task.when != answer::yes)
    made = std::move(made).when(text_of(task.when));
  if (!task.depends.empty())
    made = std::move(made).depends(text_of_depends(task));
  return std::move(made).reads(names_of(task.reads));
}

flow model::made() {
  std::vector<node> nodes;
  for (std::size_t i = 0; i < tasks.size(); ++i)
    nodes.push_back(node_of(i));
  std::ranges::shuffle(nodes, random_);
  auto flow = flow_of(std::move(nodes));
  flow.fail_fast = fail_fast;
  flow.max_concurrency = max_concurrency;
  return flow;
}

std::string model::name(std::size_t task) {
  return "t" + std::to_string(task);
}

std::string model::path(std::size_t task) const {
  return tasks[task].nested ? name(task) + "/x/inner" : name(task);
}

} // namespace mfo::taskflow::tests
