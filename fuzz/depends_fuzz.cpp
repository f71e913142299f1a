// Conditions over tasks: what is refused says where; what is read names its
// tasks where it says, and its denial holds just where it does not.

#include "fuzz/target.hpp"
#include "taskflow/depends.hpp"

#include <string>
#include <string_view>

namespace mfo::fuzz {

namespace {

using taskflow::depends_expression;
using taskflow::task_outcome;

void check_mentions(const depends_expression& expression,
                    std::string_view text) {
  for (const auto& [task, offset] : expression.mentions()) {
    require(!task.empty() && text.substr(offset).starts_with(task));
    bool handles_one = false;
    for (const auto outcome : {task_outcome::failed, task_outcome::errored,
                               task_outcome::omitted, task_outcome::cancelled})
      handles_one = handles_one || expression.handles(task, outcome);
    require(handles_one || !expression.handles_failure_of(task));
  }
}

} // namespace

void run(std::string_view input) {
  const auto expression = depends_expression::parse(input);
  if (!expression) {
    require(expression.error().offset <= input.size());
    require(!expression.error().message.empty());
    return;
  }
  check_mentions(*expression, input);
  // Refused only where it is too long or too deep by then.
  const auto denied =
      depends_expression::parse("!(" + std::string(input) + ')');
  for (std::size_t shift = 0; shift < 6; ++shift) {
    const auto outcome_of = [=](std::size_t index) {
      return static_cast<task_outcome>((index * 5 + shift) % 6);
    };
    if (denied)
      require(expression->holds(outcome_of) != denied->holds(outcome_of));
  }
}

} // namespace mfo::fuzz
