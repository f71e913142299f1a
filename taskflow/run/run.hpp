#pragma once

#include "taskflow/call.hpp"
#include "taskflow/definition.hpp"
#include "taskflow/late_json.hpp"
#include "taskflow/outcome.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mfo::taskflow {

/// What a run may grow to; beyond one of them it ends Errored, with a code of
/// its own.
struct run_limits {
  std::size_t max_tasks = 100'000;     ///< begun, in all
  std::size_t max_iterations = 10'000; ///< of one loop or for_each
  std::size_t max_depth = 16;          ///< of blocks and subflows in another
  std::size_t max_output = 8 * 1024 * 1024; ///< bytes of all results, as JSON
};

/// Why a task, a block or a run did not succeed.
struct run_error {
  std::string code;    ///< a word, e.g. "timeout", "expression", "max_tasks"
  std::string message; ///< for people; no secret
  std::string task;    ///< its path, "route/each[3]/file"; empty: the run
};

/// One moment in the life of a task, for logs, metrics, traces and terminals.
struct task_moment {
  enum class kind : std::uint8_t { began, tried_again, ended } what;
  std::string path; ///< "route/each[3]/file"
  std::string_view type;
  std::chrono::steady_clock::time_point at;
  task_outcome outcome = task_outcome::succeeded; ///< when ended
  std::optional<run_error> error{};               ///< when ended so
  unsigned attempts = 1;
  /// When ended: when it began; the clock's zero where it never did.
  std::chrono::steady_clock::time_point began{};
};

/// One run of a taskflow: which task is next, what it needs, what has become of
/// it. It does nothing itself: it tells what to call, and is told the results.
///
/// Not thread-safe. Pure: time and randomness are passed in.
class run {
public:
  using clock = std::chrono::steady_clock;

  struct options {
    workflow_ptr workflow; ///< not null
    std::size_t taskflow = 0;
    late_json input;   ///< none where an event's payload is no JSON after all
    late_json trigger; ///< may be none
    clock::time_point deadline = clock::time_point::max();
    run_limits limits{};
    /// Random in [0, 1), for the jitter of retries.
    std::function<double()> uniform;
    /// Told of every moment, in order; may be empty. Must not ask anything of
    /// the run, which is in the middle of it.
    std::function<void(const task_moment&)> observe{};
  };

  explicit run(options given);
  ~run();
  run(run&&) noexcept;
  run& operator=(run&&) noexcept;

  /// What is to be done outside now; each told once.
  struct action {
    enum class kind : std::uint8_t { call, cancel } what;
    call_id id;
    /// With `call`.
    call_request request{};
    clock::time_point deadline = clock::time_point::max(); ///< of the call
    std::string path;                                      ///< of the task
    std::size_t taskflow = 0;                              ///< index
  };

  /// Checks the input and begins. Once.
  void start(clock::time_point now);

  /// In the order in which they are to be done; afterwards there are none.
  [[nodiscard]] std::vector<action> take_actions();

  /// The result of a call. One that was cancelled, or is not known, is passed
  /// over.
  void finished(call_id id, call_result result, clock::time_point now);

  /// Ends it: what is under way is cancelled.
  void cancel(std::string reason, clock::time_point now);

  /// When `wake` is to be called, if nothing happens before.
  [[nodiscard]] std::optional<clock::time_point> next_wake() const;
  void wake(clock::time_point now);

  /// True when nothing is under way any more and nothing will be.
  [[nodiscard]] bool done() const noexcept;

  /// Of a run that is done.
  [[nodiscard]] task_outcome outcome() const noexcept;
  [[nodiscard]] const json_ptr& result() const noexcept;
  [[nodiscard]] const std::optional<run_error>& error() const noexcept;

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace mfo::taskflow
