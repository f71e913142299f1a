#include "cluster/claims/told_queue.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace mfo::cluster {

namespace {

/// The same, some time later.
told_claim aged(told_claim what, told_queue::clock::duration by) {
  if (auto* record = std::get_if<ownership::record>(&what)) {
    const auto span = std::chrono::floor<std::chrono::milliseconds>(by);
    record->age += span;
    record->left =
        std::max(record->left - span, std::chrono::milliseconds::zero());
  }
  return what;
}

bool is_record(const told_claim& what) {
  return std::holds_alternative<ownership::record>(what);
}

} // namespace

bool told_queue::push(settled_claim what) {
  if (items_.size() - records_ >= max_settled_)
    return false;
  items_.push_back({std::move(what), {}});
  return true;
}

void told_queue::push(ownership::record what, clock::time_point now) {
  items_.push_back({std::move(what), now});
  ++records_;
}

std::vector<told_claim> told_queue::next(std::size_t most,
                                         clock::time_point now) {
  std::vector<told_claim> batch;
  const auto end = std::min(items_.size(), unsaid() + most);
  for (auto at = unsaid(); at < end; ++at)
    batch.push_back(aged(items_[at].what, now - items_[at].since));
  said_ += batch.size();
  return batch;
}

bool told_queue::acknowledge(std::uint64_t heard) {
  if (heard > said_)
    return false;
  for (; acknowledged_ < heard; ++acknowledged_) {
    records_ -= is_record(items_.front().what) ? 1 : 0;
    items_.pop_front();
  }
  return true;
}

void told_queue::link_opened() noexcept {
  said_ = 0;
  acknowledged_ = 0;
}

std::vector<told_claim> told_queue::take_unsaid(clock::time_point now) {
  return take_from(unsaid(), now);
}

std::vector<told_claim> told_queue::take_all(clock::time_point now) {
  auto all = take_from(0, now);
  acknowledged_ = said_; // nothing that was said is waited for
  return all;
}

std::vector<told_claim> told_queue::take_from(std::size_t first,
                                              clock::time_point now) {
  std::vector<told_claim> taken;
  for (auto at = first; at < items_.size(); ++at) {
    records_ -= is_record(items_[at].what) ? 1 : 0;
    taken.push_back(aged(std::move(items_[at].what), now - items_[at].since));
  }
  items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(first),
               items_.end());
  return taken;
}

} // namespace mfo::cluster
