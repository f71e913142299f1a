#pragma once

#include "actors/event_source.hpp"
#include "actors/route.hpp"
#include "taskflow/schedule/ticker.hpp"
#include "telemetry/log.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <vector>

namespace mfo::node {

/// Makes an event of each tick of the schedule triggers, by the clock on the
/// wall. On the I/O thread, but for its construction.
class schedule_clock {
public:
  /// How often the time is looked at, so that it matters little when the clock
  /// is set.
  static constexpr std::chrono::seconds longest_wait{10};

  schedule_clock(boost::asio::io_context& io,
                 const std::vector<actors::trigger_ref>& triggers,
                 std::shared_ptr<actors::event_source> source,
                 std::shared_ptr<telemetry::log> log);

  void begin();
  void cancel();

private:
  void look();
  void fire(const taskflow::ticker::tick& tick);

  std::vector<actors::trigger_ref> triggers_; ///< of schedules alone
  taskflow::ticker ticker_;
  std::size_t told_missed_ = 0;
  std::shared_ptr<actors::event_source> source_;
  std::shared_ptr<telemetry::log> log_;
  boost::asio::steady_timer timer_;
  bool cancelled_ = false;
};

} // namespace mfo::node
