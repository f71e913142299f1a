#pragma once

#include "config/settings.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

/// TCP sockets that never block. Errors are the system's texts for errno.
namespace mfo::cluster::wire {

/// Owns a descriptor.
class unique_socket {
public:
  unique_socket() = default;

  explicit unique_socket(int number) noexcept : number_(number) {}

  unique_socket(unique_socket&& other) noexcept : number_(other.release()) {}

  unique_socket& operator=(unique_socket&& other) noexcept {
    reset(other.release());
    return *this;
  }

  ~unique_socket() {
    reset();
  }

  [[nodiscard]] int number() const noexcept {
    return number_;
  }

  [[nodiscard]] bool valid() const noexcept {
    return number_ >= 0;
  }

  /// Gives it away.
  int release() noexcept {
    return std::exchange(number_, -1);
  }

  /// Closes it.
  void reset(int number = -1) noexcept;

private:
  int number_ = -1;
};

/// Listens at a numeric address.
[[nodiscard]] tl::expected<unique_socket, std::string>
listen_at(const config::listen_address& address);

/// Begins to connect to a numeric address; the socket becomes writable when
/// that is done.
[[nodiscard]] tl::expected<unique_socket, std::string>
begin_to_connect(const config::listen_address& address);

/// How that went: nothing while it is under way, or an empty text, or why not.
[[nodiscard]] std::optional<std::string> connected(int socket);

struct accepted_socket {
  unique_socket socket;
  std::string address; ///< of the peer
};

/// The next of those who wait. The error is errno: EAGAIN where nobody does.
[[nodiscard]] tl::expected<accepted_socket, int>
accept_from(const unique_socket& listener);

/// The port that it is bound to; 0 where there is none.
/// How long a packet to the peer and its acknowledgement take, as the kernel's
/// TCP has it (RFC 6298: smoothed); nothing is known of a socket that has
/// ended.
[[nodiscard]] std::optional<std::chrono::microseconds>
round_trip(int socket) noexcept;

[[nodiscard]] std::uint16_t port_of(const unique_socket& socket) noexcept;

/// The system's text for an errno.
[[nodiscard]] std::string system_text(int error);

/// For a link: small messages at once, and an end where what was sent is not
/// acknowledged for five seconds.
void set_link_options(int socket) noexcept;

} // namespace mfo::cluster::wire
