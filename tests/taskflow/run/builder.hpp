#pragma once

#include "taskflow/definition.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Workflows made in code, as the loader makes them of a file, with tasks by
/// their names. What is not well formed fails the test.
namespace mfo::taskflow::tests {

/// A template as it stands in a file, e.g. `{to: INPUT.email}`.
[[nodiscard]] value_template filled(std::string_view yaml);
/// A `when` or `until`.
[[nodiscard]] predicate asked(std::string_view text);

using names = std::vector<std::string>;

/// A task that names others.
class node {
public:
  node(std::string id, task_config config);

  /// `depends_on`
  node after(names tasks) &&;
  node depends(std::string_view expression) &&;
  /// As if an expression of it referred to these.
  node reads(names tasks) &&;
  node when(std::string_view expression) &&;
  node priority(task_priority given) &&;
  node retry(config::retry_settings given) &&;
  node timeout(milliseconds given) &&;
  node output_as(std::string name) &&;

  task made;
  names reads_of;
  /// Of a condition: the tasks that each case selects, and the default.
  std::vector<names> selects;
};

/// A call of a tool of the same name, whose answer is its result.
[[nodiscard]] node call(std::string id);
[[nodiscard]] node set(std::string id, std::string_view value = "null");
using choice = std::pair<std::string, names>;
[[nodiscard]] node condition(std::string id, std::vector<choice> cases,
                             names otherwise = {});
[[nodiscard]] node wait(std::string id, std::string_view duration);
[[nodiscard]] node raise(std::string id, std::string_view code = "broken",
                         std::string_view message = "it broke");

using shared_block = std::shared_ptr<const block>;
[[nodiscard]] block made_of(std::vector<node> nodes,
                            std::string_view output = "");
[[nodiscard]] shared_block shared(std::vector<node> nodes,
                                  std::string_view output = "");

[[nodiscard]] node each_of(std::string id, std::string_view in,
                           shared_block each, std::size_t most = 0);
[[nodiscard]] node loop(std::string id, shared_block body,
                        std::string_view until, std::size_t most = 10);
using branches = std::vector<std::pair<std::string, shared_block>>;
[[nodiscard]] node fork(std::string id, branches of);
[[nodiscard]] node compete(std::string id, branches of);
[[nodiscard]] node attempt(std::string id, shared_block tasks,
                           shared_block rescue);
[[nodiscard]] node subflow(std::string id, std::size_t taskflow,
                           std::string_view input = "null");

[[nodiscard]] flow flow_of(std::vector<node> nodes,
                           std::string_view output = "");
/// The first taskflow is the one that runs.
[[nodiscard]] workflow_ptr workflow_of(std::vector<flow> flows);

} // namespace mfo::taskflow::tests
