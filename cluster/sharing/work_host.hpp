#pragma once

#include "cluster/rules/parcel.hpp"
#include "cluster/rules/placement.hpp"
#include "core/event.hpp"
#include "core/outcome.hpp"

#include <string>
#include <string_view>

namespace mfo::cluster {

struct wire_event;

/// What the dispatcher asks of whoever owns it. Nothing of it may call the
/// dispatcher before it returns.
class work_host {
public:
  work_host() = default;
  work_host(const work_host&) = delete;
  work_host& operator=(const work_host&) = delete;
  virtual ~work_host() = default;

  /// A work message for a peer, over its present link.
  virtual void send(const std::string& peer, std::string bytes) = 0;

  /// `dispatcher::flush(peer)` is to be called once what is at hand now has
  /// been dealt with.
  virtual void flush_soon(const std::string& peer) = 0;

  /// The event that a peer sent, for this node; null: it is none that this node
  /// can run, such as one of an endpoint that it does not have.
  virtual core::event_ptr revive(const wire_event& what) = 0;

  /// Runs an event of that node; `dispatcher::ran` is to be told how it ended.
  virtual void run(const node_life& origin, const core::event_ptr& event) = 0;

  /// Runs an event that was placed by this node and has come back to it; its
  /// answer is the host's.
  virtual void run_here(const core::event_ptr& event) = 0;

  /// How an event ended that was placed with a peer.
  virtual void answer(const core::event_ptr& event, core::outcome how) = 0;

  /// An event goes to a peer, for the metrics and its story.
  virtual void moved(const core::event& event, const std::string& peer,
                     placement_reason why) = 0;

  /// The peer breaks the rules: its link is to be closed.
  virtual void faulty(const std::string& peer, std::string_view why) = 0;
};

} // namespace mfo::cluster
