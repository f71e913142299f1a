#pragma once

#include "actors/event_source.hpp"
#include "actors/route.hpp"
#include "taskflow/schedule/ticker.hpp"
#include "telemetry/log.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mfo::node {

/// Makes an event of each tick of the schedule triggers, by the clock on the
/// wall. On the I/O thread, but for its construction.
class schedule_clock {
public:
  /// How often the time is looked at, so that it matters little when the clock
  /// is set.
  static constexpr std::chrono::seconds longest_wait{10};

  /// Asks whether this node fires a tick, which `fire` is called for then.
  using claim_function = std::function<void(const std::string& trigger,
                                            std::chrono::milliseconds at)>;

  /// Without `claim` all ticks are fired.
  schedule_clock(boost::asio::io_context& io,
                 const std::vector<actors::trigger_ref>& triggers,
                 std::shared_ptr<actors::event_source> source,
                 std::shared_ptr<telemetry::log> log, claim_function claim);

  void begin();
  void cancel();

  /// Fires what is due of its own, and no more; `next` begins with what is due
  /// from the same moment on. In the place of the other's `begin`.
  void hand_over_to(schedule_clock& next);

  /// Makes an event of the tick of that trigger; of one that it does not have,
  /// none. Any thread.
  void fire(const std::string& trigger, std::chrono::milliseconds at) const;

private:
  void look();
  void fire_until(taskflow::ticker::time now);
  void fire_tick(const actors::trigger_ref& trigger,
                 std::chrono::milliseconds at) const;

  const std::vector<actors::trigger_ref> triggers_; ///< of schedules alone
  taskflow::ticker ticker_;
  std::size_t told_missed_ = 0;
  std::shared_ptr<actors::event_source> source_;
  std::shared_ptr<telemetry::log> log_;
  claim_function claim_; ///< empty: the node is alone
  boost::asio::steady_timer timer_;
  bool cancelled_ = false;
};

} // namespace mfo::node
