// Tasks that call somebody: their tries, and what is made of the answers.

#include "core/retry.hpp"
#include "taskflow/run/calls_of.hpp"
#include "taskflow/run/job_status.hpp"
#include "taskflow/run/json_size.hpp"
#include "taskflow/run/run_impl.hpp"

#include <algorithm>

namespace mfo::taskflow {

namespace {

call_tries& tries_of(task_run& task) {
  return std::get<call_tries>(task.work->doing);
}

std::chrono::milliseconds time_between(run::clock::time_point from,
                                       run::clock::time_point to) {
  return std::chrono::floor<std::chrono::milliseconds>(to - from);
}

} // namespace

void run::impl::begin_calls(task_run& task) {
  ++task.in->flow->under_way;
  if (!task.work)
    task.work = std::make_unique<task_work>();
  task.work->doing.emplace<call_tries>();
  try_call(task);
}

void run::impl::try_call(task_run& task) {
  auto request = call_of(task.definition().config, *values_.workflow,
                         run_scope{values_, task});
  if (!request)
    return fail(task, task_outcome::errored, request.error().code,
                request.error().message);
  auto& tries = tries_of(task);
  if (auto* chat = std::get_if<chat_call>(&*request);
      chat && !tries.appended.empty()) {
    if (!chat->system_prompt.empty())
      chat->system_prompt += '\n';
    chat->system_prompt += tries.appended;
  }
  if (tries.failed == 0)
    tries.first_began = now_;
  tries.id = next_call_++;
  calls_.emplace(tries.id, &task);
  actions_.push_back({.what = action::kind::call,
                      .id = tries.id,
                      .request = std::move(*request),
                      .deadline = deadline_of(task),
                      .path = path_of(task),
                      .taskflow = task.in->flow->index});
}

void run::impl::try_again(task_run& task) {
  // The next question about a job is no other try, as the last was answered.
  if (tries_of(task).failed > 0)
    observe(task, task_moment::kind::tried_again, ++task.work->attempts);
  try_call(task);
}

void run::impl::answered(task_run& task, json_ptr result) {
  if (std::holds_alternative<job_wait_task>(task.definition().config))
    return job_answered(task, *result);
  count_output(&task, json_size(*result));
  succeed(task, std::move(result));
}

void run::impl::job_answered(task_run& task, const json& reply) {
  using state = job_status::state;
  auto status = read_job_status(reply);
  switch (status.is) {
  case state::running:
    tries_of(task).failed = 0;
    return set_timer(
        task, timer::kind::next,
        now_ + std::get<job_wait_task>(task.definition().config).poll_interval);
  case state::succeeded:
    return succeed_with(task, std::move(status.result));
  case state::failed:
    return fail(task, task_outcome::failed, "job_failed",
                std::move(status.message));
  case state::cancelled:
    return fail(task, task_outcome::failed, "job_cancelled",
                std::move(status.message));
  }
}

void run::impl::call_failed(task_run& task, const call_failure& why) {
  ++tries_of(task).failed;
  if (follow_error_rules(task, why) || retry_later(task, why))
    return;
  if (why.code == "timeout" && fall_back(task))
    return;
  fail(task, why.refused ? task_outcome::failed : task_outcome::errored,
       why.code, why.message);
}

bool run::impl::follow_error_rules(task_run& task, const call_failure& why) {
  const auto* chat = std::get_if<chat_send_task>(&task.definition().config);
  if (!chat || !why.refused)
    return false;
  auto& tries = tries_of(task);
  for (; tries.rule < chat->on_error.size(); ++tries.rule) {
    const auto& rule = chat->on_error[tries.rule];
    if (rule.what == chat_error_rule::action::fail_fast) {
      fail(task, task_outcome::failed, why.code, why.message);
      return true;
    }
    if (tries.rule_used < rule.max_retries) {
      if (tries.rule_used == 0) {
        if (!tries.appended.empty())
          tries.appended += '\n';
        tries.appended += rule.append_to_system_prompt;
      }
      ++tries.rule_used;
      try_again(task);
      return true;
    }
    tries.rule_used = 0;
  }
  return false;
}

bool run::impl::retry_later(task_run& task, const call_failure& why) {
  const auto& settings = task.definition().retry;
  if (!settings || !why.transient)
    return false;
  const auto& tries = tries_of(task);
  const auto deadline = deadline_of(task);
  const core::failed_tries so_far{
      .count = tries.failed,
      .since_first = time_between(tries.first_began, now_),
      .retry_after = why.retry_after,
      .time_left = deadline == clock::time_point::max()
                       ? std::chrono::milliseconds::max()
                       : time_between(now_, deadline)};
  const auto delay = core::retry_policy{*settings}.next_delay(
      so_far, uniform_ ? uniform_() : 0.5);
  if (!delay)
    return false;
  set_timer(task, timer::kind::next, now_ + *delay);
  return true;
}

run::clock::time_point run::impl::deadline_of(const task_run& task) const {
  auto deadline = deadline_;
  for (const auto* one = &task; one; one = one->in->parent)
    if (one->work)
      deadline = std::min(deadline, one->work->deadline);
  return deadline;
}

bool run::impl::fall_back(task_run& task) {
  const auto* question = std::get_if<ask_user_task>(&task.definition().config);
  if (!question || !question->fallback)
    return false;
  if (auto value = value_of(task, *question->fallback))
    succeed_with(task, std::move(*value));
  return true;
}

} // namespace mfo::taskflow
