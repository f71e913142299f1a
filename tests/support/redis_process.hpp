#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/reserved_port.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mfo::support {

/// A redis-server of a test's own, on loopback, that keeps on disk what it
/// said it has. It ends with the test, however the test ends.
class redis_process {
public:
  /// `extra`: words of its command line, such as "--requirepass", "x".
  explicit redis_process(std::vector<std::string> extra = {})
    : extra_(std::move(extra)) {
    start();
  }

  /// kill -9.
  void kill() {
    process_.reset();
  }

  /// Again, on the same port and with the same data.
  void start() {
    std::vector<std::string> words{"/usr/bin/setpriv",
                                   "--pdeathsig",
                                   "KILL",
                                   "/usr/bin/redis-server",
                                   "--bind",
                                   "127.0.0.1",
                                   "--port",
                                   std::to_string(port()),
                                   "--dir",
                                   folder_ / "",
                                   "--save",
                                   "",
                                   "--appendonly",
                                   "yes",
                                   "--appendfsync",
                                   "always",
                                   "--daemonize",
                                   "no"};
    words.insert(words.end(), extra_.begin(), extra_.end());
    process_ = std::make_unique<child_process>(words);
    if (!process_->wait_for_line("Ready to accept connections"))
      ADD_FAILURE() << "redis-server did not start: " << process_->output()
                    << process_->errors();
  }

  /// SIGSTOP and SIGCONT: it is there, and says nothing.
  void freeze() {
    process_->signal(SIGSTOP);
  }

  void thaw() {
    process_->signal(SIGCONT);
  }

  [[nodiscard]] std::uint16_t port() const noexcept {
    return port_.number();
  }

private:
  std::vector<std::string> extra_;
  reserved_port port_;
  temporary_folder folder_;
  std::unique_ptr<child_process> process_;
};

} // namespace mfo::support
