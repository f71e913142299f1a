#include "core/admission.hpp"

#include <utility>

namespace mfo::core {

admission::admission(std::size_t max_events, std::size_t max_bytes,
                     std::shared_ptr<admission> whole) noexcept
  : max_events_(max_events), max_bytes_(max_bytes), whole_(std::move(whole)) {}

admission::permit::permit(admission* owner, std::size_t events,
                          std::size_t bytes) noexcept
  : owner_(owner), events_(events), bytes_(bytes) {}

admission::permit::permit(permit&& other) noexcept
  : owner_(std::exchange(other.owner_, nullptr)), events_(other.events_),
    bytes_(other.bytes_) {}

admission::permit& admission::permit::operator=(permit&& other) noexcept {
  std::swap(owner_, other.owner_);
  std::swap(events_, other.events_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

admission::permit::~permit() {
  if (owner_ != nullptr)
    owner_->give_back(events_, bytes_);
}

bool admission::permit::extend(std::size_t bytes) noexcept {
  if (owner_ == nullptr)
    return false;
  auto more = owner_->reserve(bytes);
  if (!more)
    return false;
  more->owner_ = nullptr; // ours now
  bytes_ += bytes;
  return true;
}

std::optional<admission::permit>
admission::permit::another(std::size_t bytes) noexcept {
  if (owner_ == nullptr)
    return std::nullopt;
  return owner_->admit(bytes);
}

std::optional<admission::permit> admission::admit(std::size_t bytes) noexcept {
  return take(1, bytes);
}

std::optional<admission::permit>
admission::reserve(std::size_t bytes) noexcept {
  return take(0, bytes);
}

std::optional<admission::permit> admission::take(std::size_t events,
                                                 std::size_t bytes) noexcept {
  if (!add(events, bytes))
    return std::nullopt;
  return permit{this, events, bytes};
}

/// False, and nothing is added, when that would be too much.
bool admission::add(std::size_t events, std::size_t bytes) noexcept {
  if (whole_ && !whole_->add(events, bytes))
    return false;
  // Add first, then look: two that race may both be refused at the brim, but
  // never both be let in over it.
  const auto events_now =
      events_.fetch_add(events, std::memory_order_relaxed) + events;
  const auto bytes_now =
      bytes_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  if (events_now > max_events_ || bytes_now > max_bytes_) {
    give_back(events, bytes);
    return false;
  }
  return true;
}

void admission::give_back(std::size_t events, std::size_t bytes) noexcept {
  events_.fetch_sub(events, std::memory_order_relaxed);
  bytes_.fetch_sub(bytes, std::memory_order_relaxed);
  if (whole_)
    whole_->give_back(events, bytes);
}

} // namespace mfo::core
