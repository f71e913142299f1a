#pragma once

#include "taskflow/run/run.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mfo::taskflow::tests {

/// A run and the world around it: a clock that a test moves, calls that a test
/// answers by the path of their task.
class world {
public:
  using clock = run::clock;

  explicit world(workflow_ptr workflow, json input = nullptr,
                 run_limits limits = {},
                 clock::time_point deadline = clock::time_point::max());
  explicit world(flow only, json input = nullptr, run_limits limits = {});

  world& start();

  world& answer(const std::string& path, json result = nullptr);
  /// The server says no, for good.
  world& refuse(const std::string& path, std::string code = "refused");
  world& fail(const std::string& path, call_failure why);
  /// Time passes, and the run is woken whenever it asked for it.
  world& pass(std::chrono::milliseconds time);
  world& cancel();

  /// The paths of the calls that wait for an answer, in the order in which they
  /// began.
  [[nodiscard]] std::vector<std::string> calls() const;
  /// Of the call that waits for an answer.
  [[nodiscard]] const run::action& call(const std::string& path) const;
  /// Paths of the calls that were called off.
  [[nodiscard]] const std::vector<std::string>& called_off() const {
    return called_off_;
  }
  /// In the order in which they began, ended.
  [[nodiscard]] const std::vector<std::string>& began() const {
    return began_;
  }
  [[nodiscard]] const std::vector<std::string>& ended() const {
    return ended_;
  }
  /// "Succeeded"…; of a task that has not ended "".
  [[nodiscard]] std::string outcome_of(const std::string& path) const;
  /// The code of its error, or "".
  [[nodiscard]] std::string code_of(const std::string& path) const;
  [[nodiscard]] unsigned attempts_of(const std::string& path) const;
  /// How the run has ended: "Succeeded", "Errored timeout", "under way".
  [[nodiscard]] std::string end() const;
  /// null, if there is none.
  [[nodiscard]] json result() const;

  clock::time_point now{std::chrono::hours{1}};

private:
  void seen(const task_moment& moment);
  void act();

  std::map<call_id, run::action> calls_;
  std::vector<std::string> called_off_;
  std::vector<std::string> began_;
  std::vector<std::string> ended_;
  std::map<std::string, task_moment> ends_;

public:
  run running;
};

} // namespace mfo::taskflow::tests
