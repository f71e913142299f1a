// Whether a task begins, and the tasks that need nobody else.

#include "taskflow/json_text.hpp"
#include "taskflow/run/run_impl.hpp"

#include "config/units.hpp"

#include <algorithm>
#include <cmath>

namespace mfo::taskflow {

namespace {

/// A text such as "5s", or a number of seconds; at most ten years.
tl::expected<std::chrono::milliseconds, std::string>
duration_of(const json& value) {
  if (value.is_string())
    return config::parse_duration(value.get_ref<const std::string&>());
  constexpr double most = 10 * 365 * 24 * 3600.0;
  if (value.is_number())
    if (const auto seconds = value.get<double>();
        seconds >= 0 && seconds <= most)
      return std::chrono::milliseconds{std::llround(seconds * 1000)};
  return tl::unexpected(
      std::string{"expected a duration, \"5s\", or a number of seconds"});
}

} // namespace

void run::impl::decide(task_run& task) {
  const auto& step = task.step();
  if (step.is_selected && !task.selected)
    return end(task, task_outcome::skipped);
  if (!prerequisites_hold(task))
    return end(task, task_outcome::omitted);
  if (step.has_when) {
    const auto wanted =
        task.definition().when->evaluate(run_scope{values_, task});
    if (!wanted)
      return fail(task, task_outcome::errored, "expression",
                  to_string(wanted.error()));
    if (!*wanted)
      return end(task, task_outcome::skipped);
  }
  make_ready(task);
}

bool run::impl::prerequisites_hold(const task_run& task) const {
  if (task.step().is_plain)
    return !task.after_failure;
  const auto& tasks = task.in->tasks;
  const auto others = task.in->plan->others(task.index());
  if (!std::all_of(others.begin(), others.end(),
                   [&](auto i) { return tasks[i].well(); }))
    return false;
  const auto& definition = task.definition();
  return definition.depends_on.empty() ||
         definition.depends.holds([&](std::size_t mention) {
           return tasks[definition.depends_on[mention]].outcome;
         });
}

void run::impl::make_ready(task_run& task) {
  const auto& step = task.step();
  const auto priority = static_cast<std::size_t>(step.priority);
  task.is = task_run::phase::ready;
  if (!step.is_call)
    return ready_[priority].push_back(task);
  auto& flow = *task.in->flow;
  flow.ready[priority].push_back(task);
  if (!flow.listed())
    flows_.push_back(flow);
}

void run::impl::begin(task_run& task) {
  if (begun_ == limits_.max_tasks)
    return stop(task_outcome::errored,
                {.code = "max_tasks",
                 .message = "more than " + std::to_string(limits_.max_tasks) +
                            " tasks have begun",
                 .task = path_of(task)});
  ++begun_;
  task.is = task_run::phase::under_way;
  task.began = now_;
  observe(task, task_moment::kind::began, 1);
  const auto& step = task.step();
  if (step.has_timeout) {
    task.work = std::make_unique<task_work>();
    task.work->deadline = now_ + task.definition().timeout;
    set_timer(task, timer::kind::time_out, task.work->deadline);
  }
  if (step.constant) {
    count_output(&task, step.constant_size);
    // Not a copy: a part of the workflow, which it keeps alive.
    return succeed(task, json_ptr{values_.workflow, step.constant});
  }
  std::visit(
      [&](const auto& config) {
        if constexpr (requires { begin_as(task, config); })
          begin_as(task, config);
        else
          begin_calls(task);
      },
      task.definition().config);
}

void run::impl::begin_as(task_run& task, const set_task& config) {
  if (auto value = value_of(task, config.value))
    succeed_with(task, std::move(*value));
}

void run::impl::begin_as(task_run& task, const condition_task& config) {
  const run_scope in{values_, task};
  const auto* selected = &config.otherwise;
  for (const auto& choice : config.cases) {
    const auto holds = choice.when.evaluate(in);
    if (!holds)
      return fail(task, task_outcome::errored, "expression",
                  to_string(holds.error()));
    if (*holds) {
      selected = &choice.then;
      break;
    }
  }
  json names = json::array();
  for (const auto i : *selected) {
    task.in->tasks[i].selected = true;
    names.push_back(task.in->definition->tasks[i].id);
  }
  succeed_with(task, {{"selected", std::move(names)}});
}

void run::impl::begin_as(task_run& task, const wait_task& config) {
  const auto value = value_of(task, config.duration);
  if (!value)
    return;
  const auto duration = duration_of(*value);
  if (!duration)
    return fail(task, task_outcome::errored, "expression", duration.error());
  if (duration->count() == 0)
    return succeed(task, std::make_shared<const json>());
  if (!task.work)
    task.work = std::make_unique<task_work>();
  set_timer(task, timer::kind::next, now_ + *duration);
}

void run::impl::begin_as(task_run& task, const raise_task& config) {
  const auto code = value_of(task, config.code);
  if (!code)
    return;
  if (const auto message = value_of(task, config.message))
    fail(task, task_outcome::failed,
         code->is_null() ? "raised" : as_text(*code),
         message->is_null() ? "" : as_text(*message));
}

std::optional<json> run::impl::value_of(task_run& task,
                                        const value_template& from) {
  auto value = from.evaluate(run_scope{values_, task});
  if (value)
    return std::move(*value);
  fail(task, task_outcome::errored, "expression", to_string(value.error()));
  return std::nullopt;
}

void run::impl::set_timer(task_run& task, timer::kind what,
                          clock::time_point at) {
  auto& entry =
      what == timer::kind::time_out ? task.work->time_out : task.work->next;
  clear_timer(entry);
  entry = timers_.emplace(at, timer{what, &task});
}

void run::impl::clear_timer(std::optional<timers::iterator>& entry) {
  if (entry)
    timers_.erase(*entry);
  entry.reset();
}

} // namespace mfo::taskflow
