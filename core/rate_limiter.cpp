#include "core/rate_limiter.hpp"

namespace mfo::core {

namespace {

/// Of the known sources, how many one call looks at.
constexpr int most_looks = 16;

constexpr std::size_t first_buckets = 64;

} // namespace

rate_limiter::rate_limiter(const token_rate& rate, std::uint64_t seed,
                           std::size_t capacity)
  : rate_(rate), capacity_(capacity), known_(first_buckets, source_hash{seed}) {
}

token_bucket& rate_limiter::bucket(const config::ip_address& address,
                                   clock::time_point now) {
  const auto source = source_of(address);
  if (const auto found = known_.find(source); found != known_.end())
    return entries_[found->second].bucket;
  auto* room = make_room(now);
  if (room == nullptr)
    return shared_;
  *room = {source, {}};
  known_.emplace(source, static_cast<std::size_t>(room - entries_.data()));
  return room->bucket;
}

rate_limiter::entry* rate_limiter::make_room(clock::time_point now) {
  if (entries_.size() < capacity_)
    return &entries_.emplace_back();
  for (int looks = 0; looks < most_looks; ++looks) {
    auto& each = entries_[next_];
    next_ = (next_ + 1) % capacity_;
    if (each.bucket.full(now)) {
      known_.erase(each.source);
      return &each;
    }
  }
  return nullptr;
}

} // namespace mfo::core
