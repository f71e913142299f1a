#include "tests/support/server_program.hpp"

#include "tests/support/free_port.hpp"
#include "tests/support/wait_until.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <utility>

namespace mfo::support {

namespace {

/// Each time another port, for the last one was taken.
constexpr int most_tries = 5;

} // namespace

server_program::server_program(command make_command)
  : make_command_(std::move(make_command)) {
  for (int i = 0; i < most_tries; ++i) {
    port_ = free_port();
    if (try_to_start())
      return;
  }
  ADD_FAILURE() << "a server did not start: " << process_->output()
                << process_->errors();
}

bool server_program::try_to_start() {
  process_.emplace(make_command_(port_));
  auto ended = false;
  wait_until([&] {
    ended = process_->wait(std::chrono::milliseconds{0}).has_value();
    return ended || accepts_connections(port_);
  });
  return !ended;
}

void server_program::stop() {
  process_->signal(SIGTERM);
  if (!process_->wait())
    ADD_FAILURE() << "a server does not end on SIGTERM";
}

void server_program::start() {
  if (!try_to_start())
    ADD_FAILURE() << "a server did not start again: " << process_->output()
                  << process_->errors();
}

} // namespace mfo::support
