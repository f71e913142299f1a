#pragma once

#include "tests/support/http_certificates.hpp"
#include "tests/support/server_program.hpp"
#include "tests/support/temporary_folder.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace mfo::support {

/// A real nginx with one server on 127.0.0.1 and all its files in a temporary
/// folder. One process: what ends it ends all of it.
class nginx_process {
public:
  /// `directives` stand within `server { … }`, e.g. "location / { return 204;
  /// }". With `tls` it speaks nothing else.
  explicit nginx_process(std::string directives,
                         std::optional<test::identity> tls = {});

  [[nodiscard]] std::uint16_t port() const noexcept {
    return program_.port();
  }

  /// Ends it at once, whatever it is doing.
  void stop() {
    program_.stop();
  }

  /// After `stop`: anew on the same port.
  void start() {
    program_.start();
  }

private:
  std::vector<std::string> command(std::uint16_t port) const;

  temporary_folder folder_;
  std::string directives_;
  std::optional<test::identity> tls_;
  server_program program_;
};

} // namespace mfo::support
