#include "http/source_connections.hpp"

#include <utility>

namespace mfo::http {

namespace {

constexpr std::size_t first_buckets = 64;

} // namespace

source_connections::source_connections(std::uint64_t seed)
  : accounts_(first_buckets, core::source_hash{seed}) {}

source_connections::ticket::ticket(ticket&& other) noexcept
  : owner_(std::exchange(other.owner_, nullptr)), source_(other.source_),
    number_(other.number_), bytes_(std::exchange(other.bytes_, 0)) {}

source_connections::ticket&
source_connections::ticket::operator=(ticket&& other) noexcept {
  std::swap(owner_, other.owner_);
  std::swap(source_, other.source_);
  std::swap(number_, other.number_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

source_connections::ticket::~ticket() {
  if (owner_ != nullptr)
    owner_->leave(source_, bytes_);
}

bool source_connections::ticket::hold(std::size_t bytes, std::size_t most) {
  if (owner_ == nullptr)
    return true;
  const std::lock_guard lock{owner_->mutex_};
  auto& held = owner_->accounts_.at(source_).bytes;
  if (held + bytes > most)
    return false;
  held += bytes;
  bytes_ += bytes;
  return true;
}

void source_connections::ticket::let_go() noexcept {
  if (owner_ == nullptr || bytes_ == 0)
    return;
  const std::lock_guard lock{owner_->mutex_};
  owner_->accounts_.find(source_)->second.bytes -= std::exchange(bytes_, 0);
}

source_connections::ticket
source_connections::enter(const config::ip_address& address) {
  const auto source = core::source_of(address);
  const std::lock_guard lock{mutex_};
  return {this, source, ++accounts_[source].connections};
}

std::size_t source_connections::sources() const {
  const std::lock_guard lock{mutex_};
  return accounts_.size();
}

void source_connections::leave(const config::ip_address& source,
                               std::size_t bytes) noexcept {
  const std::lock_guard lock{mutex_};
  const auto found = accounts_.find(source);
  found->second.bytes -= bytes;
  if (--found->second.connections == 0)
    accounts_.erase(found);
}

} // namespace mfo::http
