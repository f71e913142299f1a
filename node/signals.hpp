#pragma once

#include "node/stop_reason.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <functional>
#include <memory>
#include <thread>

namespace mfo::node {

/// For a process that is to be a node, from its first line on: SIGTERM and
/// SIGINT end it with 0, as it holds nothing yet, and a SIGHUP waits for who
/// hears it. `signals` take over. On the main thread, before there are others.
void hear_early_signals();

/// What the system tells the node: SIGTERM and SIGINT to stop, a second of
/// them to end at once, SIGHUP to read its files again. On a thread of its own:
/// it is heard whatever the others do. A SIGHUP that comes before `await` is
/// heard then: whoever renews certificates does not know that the node is only
/// starting.
class signals {
public:
  /// A SIGHUP that has waited comes now, to this thread.
  /// `again` is told of the second SIGTERM or SIGINT: it ends the process.
  signals(std::shared_ptr<stop_reason> tell,
          std::function<void(int signal)> again);
  ~signals();
  signals(const signals&) = delete;
  signals& operator=(const signals&) = delete;

  /// Listens from now on.
  void await();

  /// Nobody is told any more once it has returned. Idempotent.
  void stop();

private:
  void await_hangup();

  std::shared_ptr<stop_reason> tell_;
  std::function<void(int signal)> again_;
  boost::asio::io_context io_{1};
  boost::asio::signal_set end_;
  boost::asio::signal_set hangup_;
  std::thread thread_;
};

} // namespace mfo::node
