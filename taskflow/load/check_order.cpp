#include "taskflow/load/fields.hpp"
#include "taskflow/load/link.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <initializer_list>

namespace mfo::taskflow {

using config::reader;

namespace {

constexpr auto nowhere = static_cast<std::size_t>(-1);

/// The shortest way from a node back to itself, with it at both ends; empty:
/// there is none. Marks what can be reached on the way.
std::vector<std::size_t> way_back(const edge_list& edges, std::size_t start,
                                  std::vector<std::size_t>& came_from) {
  std::deque<std::size_t> next{start};
  while (!next.empty()) {
    const auto at = next.front();
    next.pop_front();
    for (const auto to : edges[at]) {
      if (came_from[to] != nowhere)
        continue;
      came_from[to] = at;
      next.push_back(to);
    }
  }
  if (came_from[start] == nowhere)
    return {};
  std::vector<std::size_t> way{start};
  for (auto at = came_from[start]; at != start; at = came_from[at])
    way.push_back(at);
  way.push_back(start);
  std::ranges::reverse(way);
  return way;
}

bool reaches(const edge_list& edges, std::size_t from, std::size_t to) {
  std::vector<std::size_t> came_from(edges.size(), nowhere);
  way_back(edges, from, came_from);
  return came_from[to] != nowhere;
}

template <class Name>
std::string arrows(const std::vector<std::size_t>& way, Name name_of) {
  std::string text;
  for (const auto each : way)
    text += (text.empty() ? "" : " → ") + name_of(each);
  return text;
}

void check_cycles(const draft_block& block, reader& in) {
  edge_list edges;
  for (const auto& each : block.tasks)
    edges.push_back(each.waits_for);
  for (const auto& cycle : find_cycles(edges)) {
    const auto& first = block.tasks[cycle.front()];
    in.report(first.at,
              "waits for itself: " +
                  arrows(cycle,
                         [&](std::size_t i) { return block.tasks[i].made.id; }),
              "a task waits for what depends_on or depends names, for what it "
              "refers to, and for the conditions that name it");
  }
}

using outcomes = std::vector<task_outcome>;

/// How a task may end, as far as the file shows.
outcomes possible_outcomes(const draft_task& task) {
  using enum task_outcome;
  if (task.never)
    return {skipped, omitted, cancelled};
  outcomes all{failed, errored, omitted, cancelled};
  if (!std::holds_alternative<raise_task>(task.made.config))
    all.push_back(succeeded);
  if (task.made.when || !task.selected_by.empty())
    all.push_back(skipped);
  return all;
}

bool may_go_well(const outcomes& possible) {
  return std::ranges::any_of(possible, [](task_outcome each) {
    return each == task_outcome::succeeded || each == task_outcome::skipped;
  });
}

std::string hint_of(const draft_task& never_succeeds) {
  return never_succeeds.never
             ? ""
             : fmt::format("after its failure: depends: {}.Failed",
                           never_succeeds.made.id);
}

/// Whether the condition holds for any of the outcomes. Gives up, and says yes,
/// where there are too many to try.
bool may_hold(const depends_expression& depends,
              const std::vector<outcomes>& possible) {
  constexpr std::size_t most_tries = 50'000;
  std::size_t tries = 1;
  for (const auto& each : possible)
    if ((tries *= each.size()) > most_tries)
      return true;
  for (std::size_t n = 0; n < tries; ++n) {
    auto rest = n;
    outcomes now;
    for (const auto& each : possible) {
      now.push_back(each[rest % each.size()]);
      rest /= each.size();
    }
    if (depends.holds([&](std::size_t index) { return now[index]; }))
      return true;
  }
  return false;
}

void check_reach(const draft_block& block, const draft_task& task, reader& in) {
  const auto outcomes_of = [&](std::size_t index) -> outcomes {
    // What alone can select it must have done so.
    if (task.selected_by.size() == 1 && task.selected_by.contains(index))
      return {task_outcome::succeeded};
    return possible_outcomes(block.tasks[index]);
  };
  if (task.never)
    return in.report(key_of(task.at, "when"),
                     "the task can never run: this never holds");
  for (const auto index : task.waits_for)
    if (std::ranges::find(task.depends_on, index) == task.depends_on.end() &&
        !may_go_well(outcomes_of(index)))
      return in.report(task.at,
                       fmt::format("can never run: {} never succeeds",
                                   block.tasks[index].made.id),
                       hint_of(block.tasks[index]));
  if (!task.depends)
    return;
  std::vector<outcomes> possible;
  for (const auto index : task.depends_on)
    possible.push_back(outcomes_of(index));
  if (!may_hold(*task.depends, possible))
    in.report(task.depends_at, "the task can never run: this never holds");
}

} // namespace

std::vector<std::vector<std::size_t>> find_cycles(const edge_list& edges) {
  std::vector<std::vector<std::size_t>> cycles;
  std::vector<bool> told(edges.size(), false);
  for (std::size_t start = 0; start < edges.size(); ++start) {
    if (told[start])
      continue;
    std::vector<std::size_t> came_from(edges.size(), nowhere);
    auto way = way_back(edges, start, came_from);
    if (way.empty())
      continue;
    for (std::size_t other = 0; other < edges.size(); ++other)
      told[other] =
          told[other] || other == start ||
          (came_from[other] != nowhere && reaches(edges, other, start));
    cycles.push_back(std::move(way));
  }
  return cycles;
}

void check_order_of_tasks(const draft_block& block, reader& in) {
  check_cycles(block, in);
  for (const auto& task : block.tasks) {
    // A name that is not known has been told of.
    const bool complete = !task.depends || task.depends_on.size() ==
                                               task.depends->mentions().size();
    if (complete && task.at.value != nullptr)
      check_reach(block, task, in);
    for (const auto& inner : task.notes.blocks)
      check_order_of_tasks(inner, in);
  }
}

void check_recursion(const draft_workflow& file, reader& in) {
  edge_list edges;
  for (const auto& each : file.taskflows) {
    auto& to = edges.emplace_back();
    for (const auto& [index, at] : each.runs)
      to.insert(index);
  }
  for (const auto& cycle : find_cycles(edges)) {
    const auto& at = file.taskflows[cycle.front()].runs.at(cycle[1]);
    in.report(
        at,
        "the taskflow runs itself: " +
            arrows(cycle,
                   [&](std::size_t i) { return file.taskflows[i].made.id; }),
        "use loop or for_each, which have a bound");
  }
}

} // namespace mfo::taskflow
