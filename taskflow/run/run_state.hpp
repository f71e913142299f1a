#pragma once

#include "taskflow/run/block_plan.hpp"
#include "taskflow/run/linked_list.hpp"
#include "taskflow/run/run.hpp"

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What a run remembers: taskflows, in them blocks, in them tasks, in those
/// under way blocks again. Each owns what is below it; what is above outlives
/// it.
namespace mfo::taskflow {

struct task_run;
struct flow_run;

/// How something did not succeed, and why.
struct failure {
  task_outcome outcome;
  run_error error;
};

/// What a task waits for on the clock.
struct timer {
  enum class kind : std::uint8_t {
    time_out, ///< of the task
    next,     ///< the end of a `wait`, the next try or poll of a call
  } what;
  task_run* of;
};
using timers = std::multimap<run::clock::time_point, timer>;

/// A block that runs.
struct block_run : list_hook<block_run> {
  const block* definition = nullptr;
  const block_plan* plan = nullptr;
  flow_run* flow = nullptr;
  task_run* parent = nullptr; ///< null: the body of the run's taskflow
  std::size_t slot = 0;       ///< which of the parent's: item, turn, branch
  std::size_t depth = 1;

  // What only expressions in this block, and in blocks within, can see.
  json_ptr item{};
  std::optional<json> index{};
  std::optional<json> iteration{};
  std::optional<json> error{};

  std::size_t open = 0; ///< tasks that have not ended
  bool closing = false; ///< its end is on the list, nothing begins any more
  std::optional<failure> failed{}; ///< the first that nobody handles
  std::unique_ptr<task_run[]> tasks;
};

/// A taskflow that runs: the run's own, or that of a subflow.
struct flow_run : list_hook<flow_run> {
  const taskflow::flow* definition = nullptr;
  std::size_t index = 0;
  late_json input;
  std::size_t under_way = 0; ///< calls; at most max_concurrency
  std::array<linked_list<task_run>, 3> ready{}; ///< calls, by priority
  std::unique_ptr<block_run> body;
};

/// The tries of a call.
struct call_tries {
  call_id id = 0;      ///< of the one under way; 0: there is none
  unsigned failed = 0; ///< in a row
  run::clock::time_point first_began{}; ///< of those
  // Of a chat:
  std::size_t rule = 0;      ///< which of on_error is next
  unsigned rule_used = 0;    ///< times
  std::string appended = ""; ///< to the system prompt
};

/// The blocks of a task that has blocks.
struct child_blocks {
  std::unique_ptr<flow_run> flow{}; ///< of a subflow
  /// By item or branch, null where none runs; of others the one that runs.
  std::vector<std::unique_ptr<block_run>> blocks{};
  std::vector<json_ptr> results{}; ///< likewise
  json_ptr items{};                ///< of a for_each
  std::size_t next = 0;            ///< item or branch that begins
  std::size_t running = 0;
  std::optional<failure> failed{}; ///< the first
  bool rescuing = false;           ///< of a try
};

/// What a task has while it is under way and does not end at once.
struct task_work {
  run::clock::time_point deadline = run::clock::time_point::max();
  std::optional<timers::iterator> time_out{};
  std::optional<timers::iterator> next{};
  unsigned attempts = 1;
  std::variant<std::monostate, call_tries, child_blocks> doing{};
};

/// A task of a block that runs; there may be very many.
struct task_run : list_hook<task_run> {
  enum class phase : std::uint8_t { waiting, ready, under_way, ended };

  block_run* in = nullptr;
  json_ptr result;                  ///< null unless it succeeded
  std::unique_ptr<run_error> error; ///< why it did not
  std::unique_ptr<task_work> work;
  /// The clock's zero: it has not begun.
  run::clock::time_point began{};
  std::uint32_t waits_for = 0; ///< how many that have not ended
  phase is = phase::waiting;
  task_outcome outcome = task_outcome::succeeded; ///< once it has ended
  bool selected = false;
  bool after_failure = false; ///< one that it waits for has not ended well

  [[nodiscard]] std::size_t index() const noexcept {
    return static_cast<std::size_t>(this - in->tasks.get());
  }

  [[nodiscard]] const task& definition() const noexcept {
    return in->definition->tasks[index()];
  }

  [[nodiscard]] const block_plan::step& step() const noexcept {
    return (*in->plan)[index()];
  }

  [[nodiscard]] bool ended() const noexcept {
    return is == phase::ended;
  }

  /// Of one that has ended.
  [[nodiscard]] bool well() const noexcept {
    return outcome == task_outcome::succeeded ||
           outcome == task_outcome::skipped;
  }
};

/// The block around this one in the same taskflow; null: this is its body.
[[nodiscard]] const block_run* around(const block_run& inner) noexcept;

/// Whether it is the `tasks` of a try.
[[nodiscard]] bool is_tried(const block_run& block) noexcept;

/// "route/each[3]/file".
[[nodiscard]] std::string path_of(const task_run& task);

/// Of a block that has succeeded and has no `output`.
[[nodiscard]] json_ptr collected_result(const block_run& block);

} // namespace mfo::taskflow
