#pragma once

#include "actors/interfaces.hpp"
#include "config/settings.hpp"
#include "core/retry.hpp"
#include "telemetry/observer.hpp"
#include "telemetry/upstream_health.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>

namespace mfo::actors {

/// What the connector needs of its node.
struct mfo_connector_deps {
  config::upstream_settings upstream;
  std::shared_ptr<http::client> client;
  std::shared_ptr<telemetry::upstream_health> health;
  telemetry::observer observer;
  /// Random in [0, 1), for jitter.
  std::function<double()> uniform;
};

/// What the connector tells itself, beside its contract.
using mfo_connector_impl = mfo_connector_actor::extend<
    // The reply to the try of this delivery.
    caf::reacts_to<reply_atom, std::uint64_t, client_result_ptr>,
    // The back-off of this delivery is over.
    caf::reacts_to<retry_atom, std::uint64_t>>;

/// One event on its way to the server. Answers an internal error when it is
/// dropped without an outcome: the actor has failed.
class delivery {
public:
  using promise = caf::typed_response_promise<core::outcome>;

  delivery(core::event_ptr event, promise sender);
  ~delivery();
  delivery(delivery&&) = default;
  delivery& operator=(delivery&&) = delete;

  void finish(core::outcome result);

  core::event_ptr event;
  unsigned attempts = 0;
  std::chrono::steady_clock::time_point try_began{};

private:
  promise sender_;
};

struct mfo_connector_state {
  // A constructor of its own, so that it is no aggregate: CAF would have C++20
  // initialise an aggregate's first member from the actor's address.
  mfo_connector_state() = default;

  static inline const char* name = "mfo_connector";

  std::shared_ptr<const mfo_connector_deps> deps;
  std::unique_ptr<core::retry_policy> retry;
  http::header_list common_headers;
  std::unordered_map<std::uint64_t, delivery> deliveries;
  std::uint64_t last_number = 0;
};

/// Posts events to {server_url}/api/events, and tries again what may succeed,
/// until the event's deadline.
mfo_connector_impl::behavior_type
mfo_connector(mfo_connector_impl::stateful_pointer<mfo_connector_state> self,
              std::shared_ptr<const mfo_connector_deps> deps);

} // namespace mfo::actors
