#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace mfo::support {

/// The end of sd_notify(3) that systemd has: a datagram socket, which this
/// process and those that it starts find in `$NOTIFY_SOCKET` while it is there.
class notify_socket {
public:
  notify_socket() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    const auto path = folder_ / "notify";
    ::sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
    const auto* any = reinterpret_cast<const ::sockaddr*>(&address);
    if (::bind(socket_, any, sizeof(address)) != 0)
      ADD_FAILURE() << "no socket at " << path;
    ::timeval longest{patience.count(), 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof(longest));
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }

  ~notify_socket() {
    ::unsetenv("NOTIFY_SOCKET");
    ::close(socket_);
  }

  notify_socket(const notify_socket&) = delete;
  notify_socket& operator=(const notify_socket&) = delete;

  /// The next message, waiting for it; "" when none has come by then.
  [[nodiscard]] std::string read() const {
    return read_with(0);
  }

  /// Whether all that was sent has been read.
  [[nodiscard]] bool is_empty() const {
    return read_with(MSG_DONTWAIT | MSG_PEEK).empty();
  }

  /// The next message with `text` in it; those before it are thrown away.
  [[nodiscard]] std::string read_until(std::string_view text) const {
    auto message = read();
    while (!message.empty() && message.find(text) == std::string::npos)
      message = read();
    return message;
  }

private:
  [[nodiscard]] std::string read_with(int flags) const {
    std::string message(4096, '\0');
    const auto length = ::recv(socket_, message.data(), message.size(), flags);
    message.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
    return message;
  }

  temporary_folder folder_;
  int socket_;
};

} // namespace mfo::support
