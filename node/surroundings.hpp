#pragma once

#include "node/client_factory.hpp"

#include "actors/flow_observer.hpp"
#include "actors/outside.hpp"
#include "core/clocks.hpp"
#include "http/undelivered.hpp"
#include "outbound/http_caller.hpp"

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace caf {
class actor_system_config;
}

namespace mfo::node {

/// What a node is in: whom it calls, what time it is, where its log goes. As it
/// stands, the machine it runs on; tests of configurations (node/testing/) put
/// others in the place of some.
struct surroundings {
  /// How the servers are called.
  client_factory make = make_client;
  /// What time it is to events and signatures. Any thread.
  std::function<core::instant()> now = core::now_by_clocks;
  /// Is shown the configuration of the actors, who have their time from their
  /// scheduler.
  std::function<void(caf::actor_system_config&)> prepare_actors{};
  /// Is told of each event that the actors have been given. Any thread.
  std::function<void()> admitted{};
  /// Gets the lines of the log, as telemetry::log has it; empty: standard
  /// output.
  std::function<void(std::string_view)> write_log{};
  /// Gets what was acknowledged and not delivered, in place of the settings'
  /// sinks, which must be none then.
  std::shared_ptr<http::dead_letter_office> dead_letters{};
  /// Sends what `http_call` asks for; null: the settings' own.
  std::shared_ptr<outbound::http_caller> caller{};
  /// Comes between the runs and those outside whom they ask.
  std::function<std::shared_ptr<actors::outside>(
      std::shared_ptr<actors::outside>)>
      between{};
  /// Are told of runs besides the node's own records; none of them null.
  std::vector<std::shared_ptr<actors::flow_observer>> observers{};
  /// Whether signals end it, and schedules fire.
  bool runs_for_long = true;
};

} // namespace mfo::node
