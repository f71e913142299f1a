// How tasks end, and what follows from it.

#include "taskflow/run/json_size.hpp"
#include "taskflow/run/run_impl.hpp"

#include "config/units.hpp"

namespace mfo::taskflow {

void run::impl::succeed(task_run& task, json_ptr result) {
  task.result = std::move(result);
  if (task.step().has_name)
    values_.context[task.definition().output_as] = *task.result;
  end(task, task_outcome::succeeded);
}

void run::impl::succeed_with(task_run& task, json value) {
  count_output(&task, json_size(value));
  succeed(task, std::make_shared<const json>(std::move(value)));
}

void run::impl::count_output(const task_run* task, std::size_t bytes) {
  output_ += bytes;
  if (output_ > limits_.max_output)
    stop(task_outcome::errored,
         {.code = "max_output",
          .message = "the results are larger than " +
                     config::format_size(limits_.max_output),
          .task = task ? path_of(*task) : ""});
}

void run::impl::fail(task_run& task, failure why) {
  task.error = std::make_unique<run_error>(std::move(why.error));
  end(task, why.outcome);
}

void run::impl::fail(task_run& task, task_outcome outcome, std::string code,
                     std::string message) {
  fail(task, {.outcome = outcome,
              .error = {.code = std::move(code),
                        .message = std::move(message),
                        .task = path_of(task)}});
}

void run::impl::time_out(task_run& task) {
  clear_timer(task.work->time_out);
  if (!fall_back(task))
    fail(task, task_outcome::errored, "timeout", "the task took too long");
}

void run::impl::end(task_run& task, task_outcome outcome) {
  const bool begun = task.is == task_run::phase::under_way;
  const unsigned attempts = !begun ? 0 : task.work ? task.work->attempts : 1;
  if (begun && task.step().is_call) {
    auto& flow = *task.in->flow;
    --flow.under_way;
    if (!flow.listed())
      flows_.push_back(flow);
  }
  task.unlist();
  drop_work(task);
  task.is = task_run::phase::ended;
  task.outcome = outcome;
  --task.in->open;
  observe(task, task_moment::kind::ended, attempts);
  if (outcome == task_outcome::cancelled)
    return;
  tell_dependents(task);
  if (outcome == task_outcome::failed || outcome == task_outcome::errored)
    note_failure(task);
  auto& block = *task.in;
  if (block.open == 0 && !block.closing) {
    block.closing = true;
    closing_.push_back(block);
  }
}

void run::impl::tell_dependents(task_run& task) {
  const bool well = task.well();
  for (const auto edge : task.in->plan->dependents(task.index())) {
    auto& dependent = task.in->tasks[edge];
    if (!well)
      dependent.after_failure = true;
    if (--dependent.waits_for == 0)
      decidable_.push_back(dependent);
  }
}

void run::impl::note_failure(task_run& task) {
  auto& block = *task.in;
  if (block.plan->handles(task.index(), task.outcome))
    return;
  if (!block.failed)
    block.failed = failure{.outcome = task.outcome, .error = *task.error};
  // Of a try the rest runs to its end: somebody takes care of the failure.
  if (block.flow->definition->fail_fast && !is_tried(block) && !block.closing) {
    block.closing = true;
    closing_.push_back(block);
  }
}

void run::impl::cancel_block(block_run& block) {
  block.closing = true;
  block.unlist();
  for (std::size_t i = 0; block.open > 0; ++i)
    if (auto& task = block.tasks[i]; !task.ended())
      end(task, task_outcome::cancelled);
}

void run::impl::drop_work(task_run& task) {
  if (!task.work)
    return;
  auto work = std::move(task.work);
  clear_timer(work->time_out);
  clear_timer(work->next);
  if (const auto* tries = std::get_if<call_tries>(&work->doing);
      tries && tries->id != 0) {
    calls_.erase(tries->id);
    if (tries->id < first_untold_)
      actions_.push_back(
          {.what = action::kind::cancel, .id = tries->id, .path = {}});
    else
      dropped_.push_back(tries->id);
  }
  if (auto* children = std::get_if<child_blocks>(&work->doing)) {
    for (auto& child : children->blocks)
      if (child)
        cancel_block(*child);
    if (children->flow && children->flow->body)
      cancel_block(*children->flow->body);
  }
}

void run::impl::observe(const task_run& task, task_moment::kind what,
                        unsigned attempts) const {
  if (!observe_)
    return;
  task_moment moment{.what = what,
                     .path = path_of(task),
                     .type = type_name(task.definition().config),
                     .at = now_,
                     .attempts = attempts};
  if (what == task_moment::kind::ended) {
    moment.outcome = task.outcome;
    moment.began = task.began;
    if (task.error)
      moment.error = *task.error;
  }
  observe_(moment);
}

} // namespace mfo::taskflow
