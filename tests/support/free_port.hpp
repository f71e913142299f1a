#pragma once

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>

namespace mfo::support {

/// A port of 127.0.0.1 that nobody had a moment ago, for a program that must
/// be told its port. The kernel does not give it away again soon.
inline std::uint16_t free_port() {
  const int number = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  if (::bind(number, reinterpret_cast<sockaddr*>(&at), size) != 0 ||
      ::getsockname(number, reinterpret_cast<sockaddr*>(&at), &size) != 0)
    ADD_FAILURE() << "no free port";
  ::close(number);
  return ntohs(at.sin_port);
}

} // namespace mfo::support
