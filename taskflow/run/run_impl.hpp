#pragma once

#include "taskflow/run/run.hpp"
#include "taskflow/run/run_scope.hpp"
#include "taskflow/run/run_state.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace mfo::taskflow {

/// A run at work. Whatever happens only marks what follows from it, in lists
/// that `proceed` works off: nothing calls itself but along the nesting of
/// blocks, which is bounded, however long a chain of tasks is.
///
/// Its functions are in run.cpp (what comes in, and the lists), run_tasks.cpp
/// (whether a task begins, and the tasks that are no calls), run_calls.cpp,
/// run_blocks.cpp (tasks that have blocks) and run_ends.cpp.
class run::impl {
public:
  explicit impl(options given);

  void start(clock::time_point now);
  std::vector<action> take_actions();
  void finished(call_id id, call_result result, clock::time_point now);
  void cancel(std::string reason, clock::time_point now);
  [[nodiscard]] std::optional<clock::time_point> next_wake() const;
  void wake(clock::time_point now);

  [[nodiscard]] bool done() const noexcept {
    return done_;
  }
  [[nodiscard]] task_outcome outcome() const noexcept {
    return outcome_;
  }
  [[nodiscard]] const json_ptr& result() const noexcept {
    return result_;
  }
  [[nodiscard]] const std::optional<run_error>& error() const noexcept {
    return error_;
  }

private:
  // --- run.cpp ---------------------------------------------------------------
  void proceed();
  void expire();
  [[nodiscard]] task_run* next_to_begin();
  [[nodiscard]] task_run* next_call();
  /// Ends the whole run as soon as `proceed` gets to it; the first one counts.
  void stop(task_outcome outcome, run_error error);
  void settle(task_outcome outcome, json_ptr result,
              std::optional<run_error> error);

  // --- run_tasks.cpp ---------------------------------------------------------
  void decide(task_run& task);
  [[nodiscard]] bool prerequisites_hold(const task_run& task) const;
  void make_ready(task_run& task);
  void begin(task_run& task);
  void begin_as(task_run& task, const set_task& config);
  void begin_as(task_run& task, const condition_task& config);
  void begin_as(task_run& task, const wait_task& config);
  void begin_as(task_run& task, const raise_task& config);
  /// Of a template, or the task has ended Errored and there is none.
  std::optional<json> value_of(task_run& task, const value_template& from);
  void set_timer(task_run& task, timer::kind what, clock::time_point at);
  void clear_timer(std::optional<timers::iterator>& entry);

  // --- run_calls.cpp ---------------------------------------------------------
  void begin_calls(task_run& task);
  void try_call(task_run& task);
  void try_again(task_run& task);
  void answered(task_run& task, json_ptr result);
  void job_answered(task_run& task, const json& reply);
  void call_failed(task_run& task, const call_failure& why);
  /// Whether a chat is tried again, or ends, for what its on_error says.
  [[nodiscard]] bool follow_error_rules(task_run& task,
                                        const call_failure& why);
  [[nodiscard]] bool retry_later(task_run& task, const call_failure& why);
  /// Of the task and all around it.
  [[nodiscard]] clock::time_point deadline_of(const task_run& task) const;
  /// What no answer counts as, if the task is a question that has one.
  [[nodiscard]] bool fall_back(task_run& task);

  // --- run_blocks.cpp --------------------------------------------------------
  void begin_as(task_run& task, const for_each_task& config);
  void begin_as(task_run& task, const loop_task& config);
  void begin_as(task_run& task, const fork_task& config);
  void begin_as(task_run& task, const try_task& config);
  void begin_as(task_run& task, const subflow_task& config);
  /// Its first tasks are on the lists.
  std::unique_ptr<block_run> open_block(const block& definition, flow_run& in,
                                        task_run* parent, std::size_t slot);
  /// The items that may begin now.
  void begin_items(task_run& task, const for_each_task& config);
  /// As a block of the task, at `slot` or, in its place, at 0.
  block_run& begin_child(task_run& task, const block& definition,
                         std::size_t slot, std::size_t place);
  /// Cancels what is left in a block and tells whoever began it.
  void close(block_run& block);
  using block_end = tl::expected<json_ptr, failure>;
  [[nodiscard]] block_end end_of(const block_run& block);
  void child_ended(task_run& task, const for_each_task& config,
                   const block_run& child, block_end end);
  void child_ended(task_run& task, const loop_task& config,
                   const block_run& child, block_end end);
  void child_ended(task_run& task, const fork_task& config,
                   const block_run& child, block_end end);
  void child_ended(task_run& task, const try_task& config,
                   const block_run& child, block_end end);
  void end_as(task_run& task, block_end end);
  bool one_of_many_ended(task_run& task, const block_run& child, block_end end);
  /// What a block's input does not keep of the taskflow's schema.
  [[nodiscard]] static std::optional<std::string>
  input_problem(const flow& of, const late_json& input);

  // --- run_ends.cpp ----------------------------------------------------------
  void succeed(task_run& task, json_ptr result);
  /// As succeed, with a value that is new, and counts as output.
  void succeed_with(task_run& task, json value);
  /// `task`: whose it is; null: the run's.
  void count_output(const task_run* task, std::size_t bytes);
  void fail(task_run& task, failure why);
  void fail(task_run& task, task_outcome outcome, std::string code,
            std::string message);
  void time_out(task_run& task);
  /// Everything else follows from this.
  void end(task_run& task, task_outcome outcome);
  void tell_dependents(task_run& task);
  void note_failure(task_run& task);
  void cancel_block(block_run& block);
  /// Ends what it has under way.
  void drop_work(task_run& task);
  void observe(const task_run& task, task_moment::kind what,
               unsigned attempts) const;

  run_values values_;
  run_limits limits_;
  std::function<double()> uniform_;
  std::function<void(const task_moment&)> observe_;
  clock::time_point deadline_;
  clock::time_point now_{};

  std::unordered_map<call_id, task_run*> calls_;
  timers timers_;
  std::vector<action> actions_;
  std::vector<call_id> dropped_; ///< cancelled before it was told
  call_id first_untold_ = 1;
  call_id next_call_ = 1;
  std::size_t begun_ = 0;
  std::size_t output_ = 0; ///< bytes

  // What `proceed` has to do; before root_, since that unlists itself.
  std::optional<failure> stop_;
  linked_list<block_run> closing_;
  linked_list<task_run> decidable_;
  std::array<linked_list<task_run>, 3> ready_; ///< no calls, by priority
  linked_list<flow_run> flows_; ///< that may have a call to begin

  flow_run root_;

  bool done_ = false;
  task_outcome outcome_ = task_outcome::succeeded;
  json_ptr result_;
  std::optional<run_error> error_;
};

} // namespace mfo::taskflow
