#include "taskflow/run/run.hpp"

#include "taskflow/run/run_impl.hpp"

#include <algorithm>
#include <utility>

namespace mfo::taskflow {

run::run(options given) : impl_(std::make_unique<impl>(std::move(given))) {}
run::~run() = default;
run::run(run&&) noexcept = default;
run& run::operator=(run&&) noexcept = default;

void run::start(clock::time_point now) {
  impl_->start(now);
}

std::vector<run::action> run::take_actions() {
  return impl_->take_actions();
}

void run::finished(call_id id, call_result result, clock::time_point now) {
  impl_->finished(id, std::move(result), now);
}

void run::cancel(std::string reason, clock::time_point now) {
  impl_->cancel(std::move(reason), now);
}

std::optional<run::clock::time_point> run::next_wake() const {
  return impl_->next_wake();
}

void run::wake(clock::time_point now) {
  impl_->wake(now);
}

bool run::done() const noexcept {
  return impl_->done();
}

task_outcome run::outcome() const noexcept {
  return impl_->outcome();
}

const json_ptr& run::result() const noexcept {
  return impl_->result();
}

const std::optional<run_error>& run::error() const noexcept {
  return impl_->error();
}

run::impl::impl(options given)
  : values_{.workflow = std::move(given.workflow),
            .trigger = std::move(given.trigger)},
    limits_(given.limits), uniform_(std::move(given.uniform)),
    observe_(std::move(given.observe)), deadline_(given.deadline) {
  root_.definition = &values_.workflow->taskflows[given.taskflow];
  root_.index = given.taskflow;
  root_.input = std::move(given.input);
}

void run::impl::start(clock::time_point now) {
  if (done_) // cancelled before it began
    return;
  now_ = now;
  const auto& flow = *root_.definition;
  if (flow.timeout.count() > 0)
    deadline_ = std::min(deadline_, now + flow.timeout);
  if (auto problem = input_problem(flow, root_.input))
    return settle(task_outcome::errored, nullptr,
                  run_error{.code = "input_schema",
                            .message = std::move(*problem),
                            .task = {}});
  expire();
  if (done_)
    return;
  root_.body = open_block(flow.body, root_, nullptr, 0);
  proceed();
}

std::vector<run::action> run::impl::take_actions() {
  auto taken = std::exchange(actions_, {});
  first_untold_ = next_call_;
  if (!dropped_.empty()) {
    std::sort(dropped_.begin(), dropped_.end());
    std::erase_if(taken, [&](const action& one) {
      return std::binary_search(dropped_.begin(), dropped_.end(), one.id);
    });
    dropped_.clear();
  }
  return taken;
}

void run::impl::finished(call_id id, call_result result,
                         clock::time_point now) {
  now_ = now;
  expire();
  if (const auto found = calls_.find(id); found != calls_.end()) {
    auto& task = *found->second;
    calls_.erase(found);
    std::get<call_tries>(task.work->doing).id = 0;
    if (result)
      answered(task,
               *result ? std::move(*result) : std::make_shared<const json>());
    else
      call_failed(task, result.error());
  }
  proceed();
}

void run::impl::cancel(std::string reason, clock::time_point now) {
  now_ = now;
  stop(task_outcome::cancelled,
       {.code = "cancelled", .message = std::move(reason), .task = {}});
  proceed();
}

std::optional<run::clock::time_point> run::impl::next_wake() const {
  if (done_)
    return std::nullopt;
  const auto next =
      timers_.empty() ? deadline_ : std::min(deadline_, timers_.begin()->first);
  if (next == clock::time_point::max())
    return std::nullopt;
  return next;
}

void run::impl::wake(clock::time_point now) {
  now_ = now;
  expire();
  proceed();
}

void run::impl::expire() {
  if (now_ >= deadline_) {
    stop(task_outcome::errored,
         {.code = "timeout", .message = "the run took too long", .task = {}});
    return proceed();
  }
  while (!timers_.empty() && timers_.begin()->first <= now_) {
    const auto [what, task] = timers_.begin()->second;
    auto& work = *task->work;
    if (what == timer::kind::time_out) {
      time_out(*task);
    } else {
      clear_timer(work.next);
      if (std::holds_alternative<call_tries>(work.doing))
        try_again(*task);
      else
        succeed(*task, std::make_shared<const json>());
    }
    // What has closed may hold other tasks whose time has come.
    proceed();
  }
}

void run::impl::proceed() {
  while (!done_) {
    if (stop_) {
      if (root_.body)
        cancel_block(*root_.body);
      settle(stop_->outcome, nullptr, std::move(stop_->error));
    } else if (auto* block = closing_.pop_front()) {
      close(*block);
    } else if (auto* task = decidable_.pop_front()) {
      decide(*task);
    } else if (auto* next = next_to_begin()) {
      begin(*next);
    } else {
      break;
    }
  }
}

task_run* run::impl::next_to_begin() {
  // What is no call goes first: it takes no time and no place, and may make
  // ready a call that is more urgent than those that wait.
  for (auto priority = ready_.rbegin(); priority != ready_.rend(); ++priority)
    if (auto* task = priority->pop_front())
      return task;
  return next_call();
}

task_run* run::impl::next_call() {
  while (auto* flow = flows_.front()) {
    if (flow->under_way < flow->definition->max_concurrency)
      for (auto waiting = flow->ready.rbegin(); waiting != flow->ready.rend();
           ++waiting)
        if (auto* task = waiting->pop_front())
          return task;
    // It comes back when a place is free or a call is ready.
    flow->unlist();
  }
  return nullptr;
}

void run::impl::stop(task_outcome outcome, run_error error) {
  if (!stop_)
    stop_ = failure{.outcome = outcome, .error = std::move(error)};
}

void run::impl::settle(task_outcome outcome, json_ptr result,
                       std::optional<run_error> error) {
  done_ = true;
  outcome_ = outcome;
  result_ = std::move(result);
  error_ = std::move(error);
}

} // namespace mfo::taskflow
