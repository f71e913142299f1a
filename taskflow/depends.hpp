#pragma once

#include "taskflow/outcome.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::taskflow {

/// `depends`: a condition over the outcomes of other tasks, in the manner of
/// Argo's enhanced depends logic
/// (https://argo-workflows.readthedocs.io/en/latest/enhanced-depends-logic/):
///
///     file.Succeeded || (note.Failed && !check)
///
/// A task alone, `check`, means that it succeeded or was skipped. Binds as in
/// C: `!`, `&&`, `||`. Blanks and line breaks separate; `task.Outcome` is one
/// word. At most 4 KiB, 64 deep, with 256 mentions. Immutable; a copy shares
/// what was parsed.
class depends_expression {
public:
  struct problem {
    std::size_t offset; ///< into the text, bytes
    std::string message;
    std::string hint; ///< e.g. the nearest outcome, or ""
  };

  /// True, whatever has become of any task.
  depends_expression();

  static tl::expected<depends_expression, problem> parse(std::string_view text);

  /// `a && b && …`, each of them alone.
  static depends_expression all_of(const std::vector<std::string>& tasks);

  /// As it was written; of `all_of`, none.
  [[nodiscard]] const std::string& text() const noexcept;

  /// The tasks it names, each once, in their order; with the offset at which
  /// each first stands.
  struct mention {
    std::string task;
    std::size_t offset; ///< 0 in `all_of`
  };
  [[nodiscard]] const std::vector<mention>& mentions() const noexcept;

  /// Whether it is no more than `a && b && …`, each of them alone; or true.
  [[nodiscard]] bool is_plain() const;

  /// Whether it names an outcome of `task` other than success: whoever looks
  /// for a failure takes care of it.
  ///
  /// True if a place that names `task`, with all negations around it, is
  /// fulfilled by Failed, Errored, Omitted or Cancelled and not by Succeeded:
  /// `a.Failed` and `!a` look for a failure. `!a.Failed` does not, it says that
  /// nothing is to be done after one; nor does `a.Skipped`, no failure.
  [[nodiscard]] bool handles_failure_of(std::string_view task) const;

  /// Whether a place that names `task`, with all negations around it, is
  /// fulfilled by this very outcome: `a.Failed` handles Failed but not Errored,
  /// `!a` both, `!a.Failed` Errored alone of the two.
  [[nodiscard]] bool handles(std::string_view task, task_outcome outcome) const;

  /// All tasks that it names have ended, as `outcome_of(index into mentions)`
  /// says.
  [[nodiscard]] bool
  holds(const std::function<task_outcome(std::size_t)>& outcome_of) const;

private:
  struct node;
  class parser;
  explicit depends_expression(std::shared_ptr<const node> root,
                              std::vector<mention> mentions);

  std::shared_ptr<const node> root_; ///< null: true
  std::vector<mention> mentions_;
  std::string text_;
};

} // namespace mfo::taskflow
