#include "cluster/transport/inbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace mfo::cluster::wire {

inbox::inbox(std::size_t most_dials)
  : most_dials_(most_dials), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!wake_.valid())
    throw std::system_error{errno, std::generic_category(), "eventfd"};
}

bool inbox::push_dial(dial_order order) {
  {
    const std::lock_guard lock{mutex_};
    if (!takes_dials_ || dials_ == most_dials_)
      return false;
    ++dials_;
    notes_.emplace_back(std::move(order));
  }
  wake();
  return true;
}

void inbox::push(note what) {
  {
    const std::lock_guard lock{mutex_};
    notes_.push_back(std::move(what));
  }
  wake();
}

void inbox::dial_begun() {
  const std::lock_guard lock{mutex_};
  --dials_;
}

void inbox::refuse_dials() {
  const std::lock_guard lock{mutex_};
  takes_dials_ = false;
}

std::vector<note> inbox::take() {
  std::uint64_t count = 0;
  // Nothing to read: nothing was pushed since.
  while (::read(wake_.number(), &count, sizeof count) < 0 && errno == EINTR)
    continue;
  const std::lock_guard lock{mutex_};
  return std::exchange(notes_, {});
}

void inbox::wake() const noexcept {
  const std::uint64_t one = 1;
  // Full: it is readable already.
  while (::write(wake_.number(), &one, sizeof one) < 0 && errno == EINTR)
    continue;
}

} // namespace mfo::cluster::wire
