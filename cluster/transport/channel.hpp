#pragma once

#include "cluster/transport/socket.hpp"
#include "cluster/transport/tls_session.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace mfo::cluster::wire {

/// The bytes to and from one peer, with TLS or without. Never blocks. One
/// thread at a time.
class channel {
public:
  explicit channel(unique_socket socket) noexcept;
  channel(channel&&) noexcept = default;
  channel& operator=(channel&&) noexcept = default;

  [[nodiscard]] int socket() const noexcept {
    return number_;
  }

  /// Gives the socket to somebody who keeps it open for as long as this lives.
  int release_socket() noexcept {
    return socket_.release();
  }

  /// From now on all goes through `session`, which is over this socket.
  void secure(std::unique_ptr<tls_session> session) noexcept {
    tls_ = std::move(session);
  }

  /// Null without TLS.
  [[nodiscard]] tls_session* tls() const noexcept {
    return tls_.get();
  }

  [[nodiscard]] io_result read(char* to, std::size_t size);
  [[nodiscard]] io_result write(const char* from, std::size_t size);

  /// Bytes that were read and that `read` is to give once more, at first.
  void put_back(std::string bytes);

  /// Of those, what has not been read again.
  [[nodiscard]] std::size_t early() const noexcept {
    return early_.size() - early_taken_;
  }

  /// Bytes that are here already and that no poll will tell of.
  [[nodiscard]] std::size_t pending() const noexcept;

  void say_goodbye() noexcept;

  /// Why the last call ended or failed.
  [[nodiscard]] const end_cause& failure() const noexcept {
    return tls_ != nullptr ? tls_->failure() : failure_;
  }

private:
  io_result judge_plain(int error);

  unique_socket socket_;
  int number_;
  std::unique_ptr<tls_session> tls_;
  std::string early_;
  std::size_t early_taken_ = 0;
  end_cause failure_{end_reason::broken, {}};
};

} // namespace mfo::cluster::wire
