#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>

namespace mfo::support {

/// The end of sd_notify(3) that systemd has: a datagram socket, which this
/// process and those that it starts find in `$NOTIFY_SOCKET` while it is there.
class notify_socket {
public:
  /// As `$NOTIFY_SOCKET` has it: `@` comes before an abstract one.
  static constexpr std::size_t longest_name =
      sizeof(::sockaddr_un::sun_path) - 1;

  notify_socket() : notify_socket("/") {}

  /// At an abstract address of its own, whose name is as long as one can be.
  static notify_socket abstract() {
    return notify_socket{"@"};
  }

  ~notify_socket() {
    ::unsetenv("NOTIFY_SOCKET");
    ::close(socket_);
  }

  notify_socket(const notify_socket&) = delete;
  notify_socket& operator=(const notify_socket&) = delete;

  /// What `$NOTIFY_SOCKET` is.
  [[nodiscard]] const std::string& name() const {
    return name_;
  }

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
  explicit notify_socket(std::string_view kind)
    : name_(folder_ / "notify"),
      socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    ::sockaddr_un address{};
    auto length = sizeof(address);
    address.sun_family = AF_UNIX;
    if (kind == "@") {
      name_.replace(0, 1, kind).resize(longest_name, 'x');
      length = offsetof(::sockaddr_un, sun_path) + name_.size();
    }
    name_.copy(address.sun_path, longest_name);
    if (kind == "@")
      address.sun_path[0] = '\0';
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
    const auto* any = reinterpret_cast<const ::sockaddr*>(&address);
    if (::bind(socket_, any, static_cast<::socklen_t>(length)) != 0)
      ADD_FAILURE() << "no socket at " << name_;
    ::timeval longest{patience.count(), 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof(longest));
    ::setenv("NOTIFY_SOCKET", name_.c_str(), 1);
  }

  [[nodiscard]] std::string read_with(int flags) const {
    std::string message(4096, '\0');
    const auto length = ::recv(socket_, message.data(), message.size(), flags);
    message.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
    return message;
  }

  temporary_folder folder_;
  std::string name_;
  int socket_;
};

} // namespace mfo::support
