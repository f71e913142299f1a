#pragma once

#include "node/client_factory.hpp"
#include "node/exit_status.hpp"

#include "config/settings.hpp"
#include "taskflow/definition.hpp"

#include <tl/expected.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mfo::node {

/// One running node: listener, actors, connector, admin, started and stopped
/// in the order of docs/architecture.md.
class node {
public:
  /// Starts everything and is ready when it returns. `settings` have an
  /// endpoint for each trigger of the workflows (node/workflows.hpp). The error
  /// is one line.
  static tl::expected<std::unique_ptr<node>, std::string>
  start(const config::settings& settings,
        std::vector<taskflow::workflow_ptr> workflows = {},
        const client_factory& make = make_client);

  virtual ~node() = default;

  /// The ports bound.
  [[nodiscard]] virtual std::uint16_t port() const noexcept = 0;
  [[nodiscard]] virtual std::uint16_t admin_port() const noexcept = 0;

  /// Waits for SIGTERM, SIGINT or an actor's failure, then drains within
  /// `drain_timeout` and stops. A second signal ends the process at once. `ok`:
  /// it was told to stop and nothing was in flight in the end; else `gave_up`.
  virtual exit_status run() = 0;
};

} // namespace mfo::node
