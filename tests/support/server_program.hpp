#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/reserved_port.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mfo::support {

/// A real server, not of ours, on a port of 127.0.0.1. It is ended when this
/// goes out of scope.
class server_program {
public:
  /// The program and its arguments for a port; it may write files on the way.
  using command = std::function<std::vector<std::string>(std::uint16_t port)>;

  /// Starts it and waits until it accepts connections. One that cannot be
  /// started is a failure of the test.
  explicit server_program(command make_command);

  [[nodiscard]] std::uint16_t port() const noexcept {
    return port_.number();
  }

  /// SIGTERM, and waits for the end.
  void stop();

  /// After `stop`: anew on the same port, waiting until it accepts.
  void start();

private:
  command make_command_;
  reserved_port port_;
  std::optional<child_process> process_;
};

} // namespace mfo::support
