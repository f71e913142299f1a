#include "node/signals.hpp"

#include <boost/system/error_code.hpp>

#include <unistd.h>

#include <csignal>
#include <utility>

namespace mfo::node {

using boost::system::error_code;

namespace {

void hold_hangup(int how) {
  sigset_t hangup;
  ::sigemptyset(&hangup);
  ::sigaddset(&hangup, SIGHUP);
  ::pthread_sigmask(how, &hangup, nullptr);
}

} // namespace

void hear_early_signals() {
  hold_hangup(SIG_BLOCK);
  struct sigaction end {};
  end.sa_handler = [](int) {
    ::_exit(0);
  };
  ::sigaction(SIGTERM, &end, nullptr);
  ::sigaction(SIGINT, &end, nullptr);
}

signals::signals(std::shared_ptr<stop_reason> tell,
                 std::function<void(int signal)> again)
  : tell_(std::move(tell)), again_(std::move(again)), end_(io_),
    hangup_(io_, SIGHUP) {
  hold_hangup(SIG_UNBLOCK);
}

// NOLINTNEXTLINE(bugprone-exception-escape): out of memory ends the process.
signals::~signals() {
  stop();
}

void signals::await() {
  end_.add(SIGTERM);
  end_.add(SIGINT);
  end_.async_wait([this](error_code error, int signal) {
    if (error)
      return;
    tell_->give({signal == SIGINT ? "SIGINT" : "SIGTERM"});
    // Who asks twice does not want to wait.
    end_.async_wait([this](error_code failure, int number) {
      if (!failure)
        again_(number);
    });
  });
  await_hangup();
  thread_ = std::thread{[this] {
    io_.run();
  }};
}

void signals::await_hangup() {
  hangup_.async_wait([this](error_code error, int) {
    if (error)
      return;
    tell_->ask_reload({"SIGHUP"});
    await_hangup();
  });
}

void signals::stop() {
  io_.stop();
  if (thread_.joinable())
    thread_.join();
}

} // namespace mfo::node
