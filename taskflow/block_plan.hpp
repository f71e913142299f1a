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

  /// From a task to one that waits for it.
  struct edge {
    std::uint32_t to;
    bool selects; ///< it is a condition that may select that one
  };
  [[nodiscard]] std::span<const edge> dependents(std::size_t task) const;

  /// What the task waits for that neither its `depends` names nor selects it.
  [[nodiscard]] std::span<const std::uint32_t> others(std::size_t task) const;

  /// How many conditions may select it.
  [[nodiscard]] std::uint32_t conditions(std::size_t task) const {
    return conditions_[task];
  }

  /// A task by its id. Only what is asked by name pays for the names.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view id);

  /// Whether a task that waits for this one looks for its failure.
  [[nodiscard]] bool handles_failure_of(std::size_t task) const;

private:
  const block& block_;
  std::vector<edge> edges_; ///< of all tasks, one after another
  std::vector<std::uint32_t> edges_from_;
  std::vector<std::uint32_t> others_; ///< likewise
  std::vector<std::uint32_t> others_from_;
  std::vector<std::uint32_t> conditions_;
  std::unordered_map<std::string_view, std::size_t> by_id_;
};

} // namespace mfo::taskflow
