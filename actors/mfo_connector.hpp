#pragma once

#include "actors/event_batcher.hpp"
#include "actors/interfaces.hpp"
#include "actors/server_caller.hpp"
#include "actors/subscriptions.hpp"
#include "api/auth_provider.hpp"
#include "config/server_settings.hpp"
#include "telemetry/observer.hpp"
#include "telemetry/server_status.hpp"
#include "telemetry/subscription_status.hpp"
#include "telemetry/upstream_health.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace mfo::actors {

/// What the connector of one server needs of its node.
struct mfo_connector_deps {
  config::server_settings server;
  std::shared_ptr<http::client> client;
  /// Where logins go; may be `client`.
  std::shared_ptr<http::client> login_client;
  /// Who the node is to the server; asked at each start of the actor.
  std::function<std::unique_ptr<api::auth_provider>()> make_auth;
  std::shared_ptr<telemetry::upstream_health> health;
  telemetry::server_status_ptr status;
  /// What it is to subscribe to, once it is told to.
  std::vector<telemetry::subscription_status_ptr> subscriptions;
  telemetry::observer observer;
  /// Random in [0, 1), for jitter. Called on the actor's thread.
  std::function<double()> uniform;
};

using mfo_connector_deps_ptr = std::shared_ptr<const mfo_connector_deps>;

/// What the connector tells itself, beside its contract.
using mfo_connector_impl = mfo_connector_actor::extend<
    // The reply to the try of this call.
    caf::reacts_to<reply_atom, std::uint64_t, http::client_result>,
    // The reply to a login.
    caf::reacts_to<login_atom, http::client_result>,
    // The back-off of this call is over.
    caf::reacts_to<retry_atom, std::uint64_t>,
    // Calls that wait may have their turn.
    caf::reacts_to<wake_atom, std::uint64_t>,
    // This batch of events has waited long enough.
    caf::reacts_to<batch_atom, std::uint64_t>,
    // The time of this subscription has come.
    caf::reacts_to<subscribe_atom, std::uint64_t>>;

class connector_host;

struct mfo_connector_state {
  mfo_connector_state();
  ~mfo_connector_state();

  static inline const char* name = "mfo_connector";

  std::unique_ptr<connector_host> host;
  std::unique_ptr<event_batcher> batcher;
  std::unique_ptr<actors::subscriptions> subscriptions;
  std::unique_ptr<server_caller> caller; ///< goes first, with its calls
};

/// The server_caller of one server as an actor: its clock, its timers and its
/// clients. What it holds when it dies is answered with an internal error.
mfo_connector_impl::behavior_type
mfo_connector(mfo_connector_impl::stateful_pointer<mfo_connector_state> self,
              mfo_connector_deps_ptr deps);

} // namespace mfo::actors
