#include "http/source_connections.hpp"

#include <utility>

namespace mfo::http {

namespace {

constexpr std::size_t first_buckets = 64;

} // namespace

source_connections::source_connections(std::uint64_t seed)
  : counts_(first_buckets, core::source_hash{seed}) {}

source_connections::ticket::ticket(ticket&& other) noexcept
  : owner_(std::exchange(other.owner_, nullptr)), source_(other.source_),
    number_(other.number_) {}

source_connections::ticket&
source_connections::ticket::operator=(ticket&& other) noexcept {
  std::swap(owner_, other.owner_);
  std::swap(source_, other.source_);
  std::swap(number_, other.number_);
  return *this;
}

source_connections::ticket::~ticket() {
  if (owner_ != nullptr)
    owner_->leave(source_);
}

source_connections::ticket
source_connections::enter(const config::ip_address& address) {
  const auto source = core::source_of(address);
  const std::lock_guard lock{mutex_};
  return {this, source, ++counts_[source]};
}

std::size_t source_connections::sources() const {
  const std::lock_guard lock{mutex_};
  return counts_.size();
}

void source_connections::leave(const config::ip_address& source) noexcept {
  const std::lock_guard lock{mutex_};
  const auto found = counts_.find(source);
  if (--found->second == 0)
    counts_.erase(found);
}

} // namespace mfo::http
