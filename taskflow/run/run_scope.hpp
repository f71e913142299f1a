#pragma once

#include "taskflow/expression/scope.hpp"
#include "taskflow/run/run_state.hpp"

namespace mfo::taskflow {

/// What all expressions of a run can see.
struct run_values {
  workflow_ptr workflow;
  late_json trigger;             ///< may be none
  json context = json::object(); ///< by `output_as`
};

/// What the expressions of a task see, or those of a block that has ended: its
/// `output`, the `until` of a loop. Lives as long as one evaluation.
class run_scope final : public scope {
public:
  run_scope(const run_values& values, const task_run& task)
    : values_(values), block_(*task.in), task_(&task) {}
  run_scope(const run_values& values, const block_run& ended)
    : values_(values), block_(ended) {}

  [[nodiscard]] const json* root(std::string_view name) const override;
  [[nodiscard]] const json* result(std::string_view task) const override;
  [[nodiscard]] json
  tasks(const std::vector<std::string>& named) const override;
  [[nodiscard]] json dot() const override;
  [[nodiscard]] const std::string* secret(std::string_view name) const override;

private:
  /// Null: none of that name can be seen from here.
  [[nodiscard]] const task_run* find(std::string_view task) const;
  /// The nearest block from here outwards that has it; null: none has.
  template <class Member>
  const json* nearest(Member member) const;

  const run_values& values_;
  const block_run& block_;
  const task_run* task_ = nullptr;
};

} // namespace mfo::taskflow
