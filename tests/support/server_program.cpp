#include "tests/support/server_program.hpp"

#include "tests/support/wait_until.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <utility>

namespace mfo::support {

server_program::server_program(command make_command)
  : make_command_(std::move(make_command)) {
  start();
}

void server_program::start() {
  process_.emplace(make_command_(port()));
  auto ended = false;
  const auto judged = wait_until([&] {
    ended = process_->wait(std::chrono::milliseconds{0}).has_value();
    return ended || accepts_connections(port());
  });
  if (ended || !judged)
    ADD_FAILURE() << "a server did not start: " << process_->output()
                  << process_->errors();
}

void server_program::stop() {
  process_->signal(SIGTERM);
  if (!process_->wait())
    ADD_FAILURE() << "a server does not end on SIGTERM";
}

} // namespace mfo::support
