#pragma once

#include "node/stop_reason.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <functional>
#include <memory>

namespace mfo::node {

/// For a process that is to be a node, from its first line on: SIGTERM and
/// SIGINT end it with 0, as it holds nothing yet, and a SIGHUP waits for who
/// hears it. `signals` take over. On the main thread, before there are others.
void hear_early_signals();

/// What the system tells the node: SIGTERM and SIGINT to stop, a second of
/// them to end at once, SIGHUP to read its files again. On `io`'s thread. A
/// SIGHUP that comes before `await` is heard then: whoever renews certificates
/// does not know that the node is only starting.
class signals {
public:
  /// A SIGHUP that has waited comes now, to this thread.
  /// `again` is told of the second SIGTERM or SIGINT: it ends the process.
  signals(boost::asio::io_context& io, std::shared_ptr<stop_reason> tell,
          std::function<void(int signal)> again);

  /// Listens from now on.
  void await();

  void cancel();

private:
  void await_hangup();

  std::shared_ptr<stop_reason> tell_;
  std::function<void(int signal)> again_;
  boost::asio::signal_set end_;
  boost::asio::signal_set hangup_;
};

} // namespace mfo::node
