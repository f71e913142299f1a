#pragma once

#include <atomic>
#include <memory>

namespace mfo::taskflow {

struct block;
class block_plan; ///< block_plan.hpp

/// Where a block keeps what runs have worked out of it: the first run makes it,
/// on whatever thread, and all others share it. It depends on where the block
/// lies, so that a copy, and what was moved, begins without one.
class kept_plan {
public:
  kept_plan() = default;
  kept_plan(const kept_plan& /*other*/) noexcept {}
  kept_plan& operator=(const kept_plan& other) noexcept;
  ~kept_plan();

  /// Of the block that this is a member of, which does not change any more.
  /// Lives as long as the block, or until that is assigned to. Thread-safe.
  [[nodiscard]] const block_plan& of(const block& owner) const;

private:
  /// Owned; null until somebody has asked.
  mutable std::atomic<const block_plan*> plan_ = nullptr;
};

} // namespace mfo::taskflow
