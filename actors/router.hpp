#pragma once

#include "actors/interfaces.hpp"
#include "actors/route.hpp"
#include "core/event_lanes.hpp"
#include "telemetry/log.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>

namespace mfo::actors {

/// How often the deadlines of events are looked at that wait for their turn.
inline constexpr std::chrono::milliseconds turn_tick{100};

/// What the router needs of its node.
struct router_deps {
  workflow_list workflows;
  std::uint64_t generation = 0; ///< of the workflows
  /// Where it tells how many events wait for those before them with their
  /// ordering key. Null: it does not keep events in order, as the hub does.
  std::shared_ptr<std::atomic<std::size_t>> in_line;
  std::shared_ptr<telemetry::log> log;
};

/// What the router tells itself, beside its contract.
using router_impl = router_actor::extend<
    // Time has gone by for the events that wait for their turn.
    caf::reacts_to<tick_atom>>;

struct router_state {
  router_state();
  ~router_state();

  static inline const char* name = "router";

  /// An event that waits for those before it.
  struct waiter {
    core::event_ptr event;
    route_ptr way;
    caf::typed_response_promise<core::outcome> answer;
  };

  /// Of one generation: where its events go.
  struct rules {
    route_table routes;
    work_actor next;
  };

  /// The event keeps its generation, so it is there.
  [[nodiscard]] rules& of(const core::event& event) {
    return generations.at(core::number_of(event.generation));
  }

  std::map<std::uint64_t, rules> generations;
  core::event_lanes<waiter> lanes;
  std::shared_ptr<std::atomic<std::size_t>> in_line;
  bool ticks = false; ///< a tick is under way
};

/// Finds what is to be done with an event. On a node that is alone, an ordered
/// event goes on when those before it have ended.
router_impl::behavior_type
router(router_impl::stateful_pointer<router_state> self, work_actor next,
       const router_deps& deps);

} // namespace mfo::actors
