#pragma once

#include "tests/support/server_program.hpp"
#include "tests/support/temporary_folder.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mfo::support {

/// A real tinyproxy on 127.0.0.1.
class tinyproxy_process {
public:
  /// Lets through CONNECT to `connect_port` alone (0: to any port). With a
  /// user name it demands that and the password (Basic).
  explicit tinyproxy_process(std::uint16_t connect_port = 0,
                             std::string user = {}, std::string password = {});

  [[nodiscard]] std::uint16_t port() const noexcept {
    return program_.port();
  }

private:
  std::vector<std::string> command(std::uint16_t port) const;

  temporary_folder folder_;
  std::uint16_t connect_port_;
  std::string user_;
  std::string password_;
  server_program program_;
};

} // namespace mfo::support
