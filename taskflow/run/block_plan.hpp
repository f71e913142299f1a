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

/// The edges of a block in the direction in which a run follows them, found
/// once for all its instances. Indices are those of `block::tasks`. Not
/// thread-safe.
class block_plan {
public:
  /// `of` must outlive it. In O(tasks + edges).
  explicit block_plan(const block& of);

  /// The tasks that wait for it.
  [[nodiscard]] std::span<const std::uint32_t>
  dependents(std::size_t task) const;

  /// What the task waits for that neither its `depends` names nor selects it.
  [[nodiscard]] std::span<const std::uint32_t> others(std::size_t task) const;

  /// A task by its id. Only what is asked by name pays for the names.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view id);

  /// Whether a task that waits for this one looks for this outcome of it.
  [[nodiscard]] bool handles(std::size_t task, task_outcome outcome) const;

private:
  const block& block_;
  std::vector<std::uint32_t> edges_; ///< of all tasks, one after another
  std::vector<std::uint32_t> edges_from_;
  std::vector<std::uint32_t> others_; ///< likewise
  std::vector<std::uint32_t> others_from_;
  std::unordered_map<std::string_view, std::size_t> by_id_;
};

} // namespace mfo::taskflow
