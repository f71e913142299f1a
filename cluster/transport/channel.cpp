#include "cluster/transport/channel.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace mfo::cluster::wire {

channel::channel(unique_socket socket) noexcept
  : socket_(std::move(socket)), number_(socket_.number()) {}

io_result channel::read(char* to, std::size_t size) {
  if (early() > 0) {
    const auto taken = std::min(size, early());
    std::copy_n(early_.data() + early_taken_, taken, to);
    early_taken_ += taken;
    if (early_taken_ == early_.size())
      put_back({});
    return {io_state::done, taken};
  }
  if (tls_ != nullptr)
    return tls_->read(to, size);
  const auto got = ::recv(number_, to, size, 0);
  if (got > 0)
    return {io_state::done, static_cast<std::size_t>(got)};
  if (got == 0) {
    failure_ = {end_reason::closed_by_peer, "the peer has closed the link"};
    return {io_state::ended};
  }
  return errno == EAGAIN || errno == EINTR ? io_result{io_state::wants_read}
                                           : judge_plain(errno);
}

io_result channel::write(const char* from, std::size_t size) {
  if (tls_ != nullptr)
    return tls_->write(from, size);
  const auto sent = ::send(number_, from, size, MSG_NOSIGNAL);
  if (sent >= 0)
    return {io_state::done, static_cast<std::size_t>(sent)};
  return errno == EAGAIN || errno == EINTR ? io_result{io_state::wants_write}
                                           : judge_plain(errno);
}

void channel::put_back(std::string bytes) {
  early_ = std::move(bytes);
  early_taken_ = 0;
}

std::size_t channel::pending() const noexcept {
  return early() + (tls_ != nullptr ? tls_->pending() : 0);
}

void channel::say_goodbye() noexcept {
  if (tls_ != nullptr)
    tls_->say_goodbye();
}

io_result channel::judge_plain(int error) {
  failure_ = {error == ECONNRESET || error == EPIPE ? end_reason::closed_by_peer
                                                    : end_reason::broken,
              system_text(error)};
  return {io_state::failed};
}

} // namespace mfo::cluster::wire
