#include "node/signals.hpp"

#include <boost/system/error_code.hpp>

#include <unistd.h>

#include <csignal>
#include <utility>

namespace mfo::node {

using boost::system::error_code;

signals::signals(boost::asio::io_context& io, std::shared_ptr<stop_reason> tell)
  : tell_(std::move(tell)), end_(io), hangup_(io, SIGHUP) {}

void signals::await() {
  end_.add(SIGTERM);
  end_.add(SIGINT);
  end_.async_wait([this](error_code error, int signal) {
    if (error)
      return;
    tell_->give({signal == SIGINT ? "SIGINT" : "SIGTERM"});
    // Who asks twice does not want to wait.
    end_.async_wait([](error_code again, int number) {
      if (!again)
        ::_exit(128 + number);
    });
  });
  await_hangup();
}

void signals::await_hangup() {
  hangup_.async_wait([this](error_code error, int) {
    if (error)
      return;
    tell_->ask_reload({"SIGHUP"});
    await_hangup();
  });
}

void signals::cancel() {
  end_.cancel();
  hangup_.cancel();
}

} // namespace mfo::node
