#pragma once

#include "torture/wire/link.hpp"

#include <netinet/in.h>

#include <string>

namespace mfo::wire {

/// A network interface of a host, in the host's network namespace, whose other
/// end is here; it is gone once this is (TUN, the kernel's
/// Documentation/networking/tuntap.rst). All of 198.18.0.0/15, which is set
/// aside for benchmarks (RFC 2544, appendix C.2.2), is reached by it.
class tun {
public:
  /// It is up. `network`: a file such as /proc/PID/ns/net. `mtu` in bytes.
  /// Throws std::system_error. Not while there are other threads.
  tun(const std::string& network, in_addr_t address, int mtu);
  ~tun();
  tun(tun&& other) noexcept;
  tun& operator=(tun&&) = delete;

  [[nodiscard]] int file() const noexcept {
    return file_;
  }

  /// What the host sent next, which lies in `room`; empty: nothing as yet.
  /// Throws std::system_error.
  [[nodiscard]] packet read(std::span<std::byte> room) const;

  /// Gives it to the host; whether that took it.
  [[nodiscard]] bool write(packet one) const noexcept;

private:
  int file_;
};

} // namespace mfo::wire
