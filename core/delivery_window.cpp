#include "core/delivery_window.hpp"

#include <algorithm>
#include <functional>

namespace mfo::core {

namespace {

template <class Key>
Key key_of(std::string_view id) {
  Key result{};
  std::copy_n(id.begin(), std::min(id.size(), result.size()), result.begin());
  return result;
}

} // namespace

std::size_t delivery_window::hash::operator()(const key& id) const noexcept {
  return std::hash<std::string_view>{}({id.data(), id.size()});
}

delivery_window::delivery_window(bounds limits) : limits_(limits) {}

delivery_window::verdict delivery_window::claim(std::string_view id,
                                                const void* claimant,
                                                clock::time_point deadline,
                                                clock::time_point now) {
  const auto wanted = key_of<key>(id);
  const std::lock_guard lock{mutex_};
  if (limits_.max_ids == 0)
    return verdict::fresh;
  forget(now, limits_.max_ids);
  if (const auto found = entries_.find(wanted); found != entries_.end()) {
    const auto& known = found->second;
    if (known.claimant == nullptr)
      return verdict::taken;
    if (known.claimant != claimant && known.deadline > now)
      return verdict::in_progress;
    erase(found);
  }
  forget(now, limits_.max_ids - 1);
  order last{nullptr};
  const auto made = entries_.try_emplace(
      wanted, entry{claimant, deadline, now, last.begin()});
  last.front() = &made.first->first;
  order_.splice(order_.end(), last);
  return verdict::fresh;
}

void delivery_window::settle(std::string_view id, const void* claimant,
                             delivery_end end) noexcept {
  const auto wanted = key_of<key>(id);
  const std::lock_guard lock{mutex_};
  const auto found = entries_.find(wanted);
  if (found == entries_.end() || found->second.claimant != claimant)
    return;
  if (end == delivery_end::failed)
    erase(found);
  else
    found->second.claimant = nullptr;
}

void delivery_window::set_bounds(bounds limits) {
  const std::lock_guard lock{mutex_};
  limits_ = limits;
}

std::size_t delivery_window::size() const {
  const std::lock_guard lock{mutex_};
  return entries_.size();
}

/// Lets go of what is too old, and of the oldest until `most` are left.
void delivery_window::forget(clock::time_point now, std::size_t most) {
  while (!order_.empty()) {
    const auto oldest = entries_.find(*order_.front());
    if (entries_.size() <= most &&
        oldest->second.remembered + limits_.age > now)
      return;
    erase(oldest);
  }
}

void delivery_window::erase(entries::iterator which) {
  order_.erase(which->second.place);
  entries_.erase(which);
}

} // namespace mfo::core
