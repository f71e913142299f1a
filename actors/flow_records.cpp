#include "actors/flow_records.hpp"

#include <chrono>
#include <optional>
#include <utility>

namespace mfo::actors {

namespace {

using std::chrono::milliseconds;
using taskflow::task_moment;
using telemetry::task_note;

task_note::kind kind_of(task_moment::kind what) noexcept {
  switch (what) {
  case task_moment::kind::began:
    return task_note::kind::began;
  case task_moment::kind::tried_again:
    return task_note::kind::tried_again;
  case task_moment::kind::ended:
    break;
  }
  return task_note::kind::ended;
}

std::optional<telemetry::run_problem>
problem_of(const std::optional<taskflow::run_error>& why) {
  if (!why)
    return std::nullopt;
  return actors::problem_of(*why);
}

} // namespace

telemetry::run_problem problem_of(const taskflow::run_error& why) {
  return {.code = why.code, .message = why.message, .task = why.task};
}

flow_records::flow_records(std::shared_ptr<telemetry::run_book> book)
  : book_(std::move(book)) {}

void flow_records::began(const run_info& run) {
  entries_.insert_or_assign(
      run.id,
      book_->begin({.id = run.id,
                    .workflow = run.workflow->name,
                    .taskflow = run.flow().id,
                    .trigger = run.trigger,
                    .event_id = run.event_id,
                    .traceparent = run.traceparent},
                   std::chrono::duration_cast<milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch()),
                   run.began));
}

void flow_records::moment(const run_info& run, const task_moment& what) {
  const auto found = entries_.find(run.id);
  if (found == entries_.end())
    return;
  const auto problem = problem_of(what.error);
  const bool ended = what.what == task_moment::kind::ended;
  found->second.note({.what = kind_of(what.what),
                      .path = what.path,
                      .type = what.type,
                      .at = what.at,
                      .outcome = ended ? taskflow::to_string(what.outcome) : "",
                      .problem = problem ? &*problem : nullptr,
                      .attempts = what.attempts});
}

void flow_records::ended(const run_info& run, const taskflow::run& how,
                         std::chrono::steady_clock::duration) {
  if (auto entry = entries_.extract(run.id))
    entry.mapped().ended(taskflow::to_string(how.outcome()),
                         problem_of(how.error()),
                         std::chrono::steady_clock::now());
  const auto waiter = [&] {
    const std::lock_guard lock{mutex_};
    auto node = waiters_.extract(run.id);
    return node ? std::move(node.mapped()) : ended_callback{};
  }();
  if (waiter)
    waiter(how);
}

void flow_records::await(const std::string& run, ended_callback then) {
  const std::lock_guard lock{mutex_};
  waiters_.insert_or_assign(run, std::move(then));
}

bool flow_records::forget(const std::string& run) {
  const std::lock_guard lock{mutex_};
  return waiters_.erase(run) > 0;
}

} // namespace mfo::actors
