#include "taskflow/run/kept_plan.hpp"

#include "taskflow/run/block_plan.hpp"

namespace mfo::taskflow {

kept_plan& kept_plan::operator=(const kept_plan& other) noexcept {
  if (this != &other)
    std::unique_ptr<const block_plan>{plan_.exchange(nullptr)}.reset();
  return *this;
}

kept_plan::~kept_plan() {
  std::unique_ptr<const block_plan>{plan_.load()}.reset();
}

const block_plan& kept_plan::of(const block& owner) const {
  if (const auto* made = plan_.load(std::memory_order_acquire))
    return *made;
  auto fresh = std::make_unique<const block_plan>(owner);
  const block_plan* first = nullptr;
  // Of two that make it at once, the first keeps its own.
  if (plan_.compare_exchange_strong(first, fresh.get()))
    return *fresh.release();
  return *first;
}

} // namespace mfo::taskflow
