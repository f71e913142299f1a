#pragma once

#include "tests/taskflow/run/builder.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

/// What must become of the tasks of a random taskflow. It knows the rules and
/// no events: it finds what becomes of each task from what becomes of those
/// before it.
namespace mfo::taskflow::tests {

/// What a predicate gives: of INPUT.yes, INPUT.no and INPUT.bad, a text.
enum class answer : std::uint8_t { yes, no, bad };

struct term {
  std::size_t task;
  bool negated;
  std::optional<task_outcome> named; ///< none: the task alone

  [[nodiscard]] bool holds(task_outcome of) const;
};

/// Refers to those before it in the list alone.
struct model_task {
  bool is_condition = false;
  bool nested = false;                             ///< in a branch of a fork
  task_outcome scripted = task_outcome::succeeded; ///< of its call
  std::vector<term> depends{};
  bool all_of_depends = true; ///< or any
  std::vector<std::size_t> reads{};
  answer when = answer::yes;
  std::vector<std::pair<answer, std::vector<std::size_t>>> cases{};
  std::vector<std::size_t> otherwise{};
};

class model {
public:
  explicit model(unsigned seed);

  std::size_t below(std::size_t bound);

  /// As if nothing were ended before its time.
  [[nodiscard]] std::vector<task_outcome> outcomes() const;
  /// Whether another task looks for this outcome of it.
  [[nodiscard]] bool handles(std::size_t task, task_outcome outcome) const;
  [[nodiscard]] std::vector<std::size_t> waits_for(std::size_t task) const;

  /// The tasks in any order.
  [[nodiscard]] flow made();
  [[nodiscard]] static std::string name(std::size_t task);
  /// Of its call.
  [[nodiscard]] std::string path(std::size_t task) const;

  std::vector<model_task> tasks;
  bool fail_fast;
  std::size_t max_concurrency;

private:
  std::vector<std::size_t> some(std::size_t from, std::size_t to);
  answer any_answer();
  void fill(std::size_t task);
  [[nodiscard]] bool may_select(std::size_t condition, std::size_t task) const;
  /// Of a condition that has succeeded.
  [[nodiscard]] bool selects(std::size_t condition, std::size_t task) const;
  [[nodiscard]] task_outcome
  outcome_of(std::size_t task, const std::vector<task_outcome>& found) const;
  [[nodiscard]] node node_of(std::size_t task) const;

  std::mt19937 random_;
};

} // namespace mfo::taskflow::tests
