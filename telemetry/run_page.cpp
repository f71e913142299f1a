#include "telemetry/run_page.hpp"

#include "telemetry/bounded.hpp"

#include <utility>

namespace mfo::telemetry {

namespace {

constexpr std::size_t longest_word = 64;
constexpr std::size_t longest_path = 256;
constexpr std::size_t longest_message = 1024;

/// What a page takes besides its texts, about.
constexpr std::size_t page_size = 512;
constexpr std::size_t task_size = sizeof(task_record) + 32;

run_problem bounded(const run_problem& problem) {
  return {cut(problem.code, longest_word),
          cut(problem.message, longest_message),
          cut(problem.task, longest_path)};
}

std::size_t size_of(const run_problem& problem) {
  return problem.code.size() + problem.message.size() + problem.task.size();
}

} // namespace

bool byte_budget::take(std::size_t bytes) noexcept {
  if (taken_.fetch_add(bytes) + bytes <= most_)
    return true;
  taken_.fetch_sub(bytes);
  return false;
}

run_page::run_page(run_origin of, std::chrono::milliseconds unix_time,
                   time_point at, std::uint64_t number,
                   std::shared_ptr<change_count> changes)
  : number_(number), began_(at), changes_(std::move(changes)) {
  note_change();
  record_.of = {
      cut(of.id, longest_path),       cut(of.workflow, longest_path),
      cut(of.taskflow, longest_path), cut(of.trigger, longest_path),
      cut(of.event_id, longest_path), cut(of.traceparent, longest_path)};
  record_.started_unix = unix_time;
  bytes_ = page_size + record_.of.id.size() + record_.of.workflow.size() +
           record_.of.taskflow.size() + record_.of.trigger.size() +
           record_.of.event_id.size() + record_.of.traceparent.size();
}

void run_page::note(const task_note& moment, std::size_t max_tasks,
                    byte_budget& budget) {
  const std::lock_guard lock{mutex_};
  note_change();
  const auto known = open_.find(moment.path);
  auto* task = known == open_.end() ? nullptr : &record_.tasks[known->second];
  const bool ends = moment.what == task_note::kind::ended;
  if (task == nullptr) {
    // One that was not kept ends: it has been counted as it began.
    if (moment.attempts > 0 && moment.what != task_note::kind::began)
      return;
    ++record_.tasks_total;
    task = add(moment, max_tasks, budget);
    if (task == nullptr)
      return;
    if (!ends)
      open_.emplace(moment.path, record_.tasks.size() - 1);
  }
  task->attempts = moment.attempts;
  if (!ends)
    return;
  task->duration = between(began_ + task->began, moment.at);
  task->outcome = moment.outcome;
  if (moment.problem != nullptr) {
    auto problem = bounded(*moment.problem);
    if (take(size_of(problem), budget))
      task->problem = std::move(problem);
  }
  if (known != open_.end())
    open_.erase(known);
}

run_page::sizes run_page::end(std::string_view outcome,
                              std::optional<run_problem> problem,
                              time_point at) {
  const std::lock_guard lock{mutex_};
  note_change();
  record_.duration = between(began_, at);
  record_.outcome = outcome;
  if (problem)
    record_.problem = bounded(*problem);
  open_ = {};
  record_.tasks.shrink_to_fit();
  return {bytes_, bytes_ + (record_.problem ? size_of(*record_.problem) : 0)};
}

std::size_t run_page::bytes() const {
  const std::lock_guard lock{mutex_};
  return bytes_;
}

std::uint64_t run_page::changed() const {
  const std::lock_guard lock{mutex_};
  return changed_;
}

bool run_page::is(const run_book::filter& which) const {
  using state = run_book::filter::state;
  const std::lock_guard lock{mutex_};
  const bool ended = record_.duration.has_value();
  const auto fits = [](const std::string& wanted, std::string_view value) {
    return wanted.empty() || wanted == value;
  };
  return (which.is == state::any || (which.is == state::ended) == ended) &&
         fits(which.workflow, record_.of.workflow) &&
         fits(which.taskflow, record_.of.taskflow) &&
         fits(which.event_id, record_.of.event_id) &&
         fits(which.outcome, record_.outcome);
}

run_record run_page::summary() const {
  const std::lock_guard lock{mutex_};
  return {record_.of,      record_.started_unix, record_.duration,
          record_.outcome, record_.problem,      record_.tasks_total};
}

run_record run_page::whole() const {
  const std::lock_guard lock{mutex_};
  return record_;
}

void run_page::note_change() {
  changed_ = ++*changes_;
}

bool run_page::take(std::size_t bytes, byte_budget& budget) {
  if (!budget.take(bytes))
    return false;
  bytes_ += bytes;
  return true;
}

task_record* run_page::add(const task_note& moment, std::size_t max_tasks,
                           byte_budget& budget) {
  if (record_.tasks.size() >= max_tasks)
    return nullptr;
  auto path = cut(moment.path, longest_path);
  auto type = cut(moment.type, longest_word);
  if (!take(task_size + path.size() + type.size(), budget))
    return nullptr;
  return &record_.tasks.emplace_back(task_record{
      std::move(path), std::move(type), between(began_, moment.at)});
}

} // namespace mfo::telemetry
