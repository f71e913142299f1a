// What the tasks of a run cost: tasks that do nothing, so that only the run's
// own work is measured. The rate is that of tasks.

#include "taskflow/run/run.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace mfo::taskflow;

task nothing(std::size_t id) {
  return {.id = "t" + std::to_string(id),
          .where = {},
          .config = set_task{value_template::constant(nullptr)},
          .waits_for = {},
          .depends = {},
          .depends_on = {},
          .selected_by = {},
          .when = {},
          .retry = {},
          .output_as = {}};
}

void wait_for(task& one, std::size_t before) {
  one.waits_for = one.depends_on = {before};
  one.depends = depends_expression::all_of({"t" + std::to_string(before)});
}

workflow_ptr of(std::vector<task> tasks) {
  flow only;
  only.body.tasks = std::move(tasks);
  only.body.output = value_template::constant(nullptr);
  workflow made;
  made.taskflows.push_back(std::move(only));
  return std::make_shared<const workflow>(std::move(made));
}

/// Each task waits for the one before it.
workflow_ptr chain(std::size_t count) {
  std::vector<task> tasks;
  for (std::size_t i = 0; i < count; ++i) {
    tasks.push_back(nothing(i));
    if (i > 0)
      wait_for(tasks.back(), i - 1);
  }
  return of(std::move(tasks));
}

/// All but the first wait for the first.
workflow_ptr fan_out(std::size_t count) {
  std::vector<task> tasks;
  for (std::size_t i = 0; i < count; ++i) {
    tasks.push_back(nothing(i));
    if (i > 0)
      wait_for(tasks.back(), 0);
  }
  return of(std::move(tasks));
}

/// As the chain, of calls that are answered at once.
workflow_ptr calls(std::size_t count) {
  auto made = std::make_shared<workflow>(*chain(count));
  for (auto& one : made->taskflows[0].body.tasks)
    one.config = tool_execute_task{.tool_id = value_template::constant("tool"),
                                   .arguments = {}};
  return made;
}

using observer = std::function<void(const task_moment&)>;

void run_all(benchmark::State& state, const workflow_ptr& workflow,
             const observer& observe = {}) {
  const auto now = run::clock::now();
  const auto null = std::make_shared<const json>();
  for (auto _ : state) {
    run one{{.workflow = workflow,
             .input = null,
             .trigger = nullptr,
             .uniform = [] { return 0.5; },
             .observe = observe}};
    one.start(now);
    for (auto actions = one.take_actions(); !actions.empty();
         actions = one.take_actions())
      for (const auto& action : actions)
        one.finished(action.id, null, now);
    if (one.outcome() != task_outcome::succeeded) {
      state.SkipWithError("the run did not succeed");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void taskflow_chain(benchmark::State& state) {
  run_all(state, chain(static_cast<std::size_t>(state.range(0))));
}
BENCHMARK(taskflow_chain)->Arg(100)->Arg(1'000)->Arg(10'000);

void taskflow_fan_out(benchmark::State& state) {
  run_all(state, fan_out(static_cast<std::size_t>(state.range(0))));
}
BENCHMARK(taskflow_fan_out)->Arg(100)->Arg(1'000)->Arg(10'000);

/// As in a node, which is told of every moment.
void taskflow_told(benchmark::State& state) {
  std::size_t told = 0;
  run_all(state, fan_out(static_cast<std::size_t>(state.range(0))),
          [&](const task_moment& moment) { told += moment.path.size(); });
  benchmark::DoNotOptimize(told);
}
BENCHMARK(taskflow_told)->Arg(100)->Arg(1'000)->Arg(10'000);

void taskflow_calls(benchmark::State& state) {
  run_all(state, calls(static_cast<std::size_t>(state.range(0))));
}
BENCHMARK(taskflow_calls)->Arg(100)->Arg(1'000)->Arg(10'000);

} // namespace
