#pragma once

#include "taskflow/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mfo::taskflow {

/// What an expression can see. Implemented by a run, and by tests.
///
/// A path such as `INPUT.email` begins with a root; a jq expression has the
/// same as `$input`. Pointers are valid during the call that asked for them.
class scope {
public:
  virtual ~scope() = default;

  /// Of `INPUT`, `TRIGGER`, `CONTEXT`, `ITEM`, `INDEX`, `ITERATION`, `ERROR`;
  /// null where there is none here.
  [[nodiscard]] virtual const json* root(std::string_view name) const = 0;

  /// The result of a task that succeeded; null for any other.
  [[nodiscard]] virtual const json* result(std::string_view task) const = 0;

  /// `$tasks`: {"id": {"outcome", "result", "error"}…} of the tasks that can be
  /// seen from here and have ended: of those that are named, or, where none is,
  /// of all.
  [[nodiscard]] virtual json
  tasks(const std::vector<std::string>& named) const = 0;

  /// `.` of a jq expression: the result of the one task that this one waits
  /// for; of several an object by id; of none the input.
  [[nodiscard]] virtual json dot() const = 0;

  /// The text of a secret of the workflow, or `***` where the value is only to
  /// be shown; null where there is none of this name.
  [[nodiscard]] virtual const std::string*
  secret(std::string_view name) const = 0;
};

} // namespace mfo::taskflow
