#pragma once

#include "taskflow/definition.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mfo::taskflow {

/// What is worked out of a block once for all that run it: the edges in the
/// direction in which a run follows them, and of each task what a run asks most
/// often. Indices are those of `block::tasks`. Immutable.
class block_plan {
public:
  /// Of a task what decides how it begins and ends. All that a run needs of one
  /// that does nothing: the definitions of very many tasks are too large for
  /// the caches, these are not.
  struct step {
    const json* constant = nullptr; ///< the value of a `set`, if it is known
    std::size_t constant_size = 0;  ///< bytes, as JSON
    std::uint32_t waits_for = 0;    ///< how many tasks
    task_priority priority = task_priority::normal;
    bool is_call = false;
    bool has_timeout = false;
    bool has_name = false; ///< `output_as`
    bool has_when = false;
    bool is_selected = false; ///< conditions name it
    bool is_plain = false;    ///< begins if all that it waits for ended well
  };

  /// `of` must outlive it, where it is. In O(tasks + edges).
  explicit block_plan(const block& of);

  [[nodiscard]] const step& operator[](std::size_t task) const noexcept {
    return steps_[task];
  }

  /// The tasks that wait for it.
  [[nodiscard]] std::span<const std::uint32_t>
  dependents(std::size_t task) const;

  /// What the task waits for that neither its `depends` names nor selects it.
  [[nodiscard]] std::span<const std::uint32_t> others(std::size_t task) const;

  /// A task by its id.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view id) const;

  /// Whether a task that waits for this one looks for this outcome of it.
  [[nodiscard]] bool handles(std::size_t task, task_outcome outcome) const;

private:
  const block& block_;
  std::vector<step> steps_;
  std::vector<std::uint32_t> edges_; ///< of all tasks, one after another
  std::vector<std::uint32_t> edges_from_;
  std::vector<std::uint32_t> others_; ///< likewise
  std::vector<std::uint32_t> others_from_;
  std::unordered_map<std::string_view, std::size_t> by_id_;
};

} // namespace mfo::taskflow
