#pragma once

#include "node/command.hpp"
#include "node/exit_status.hpp"
#include "node/surroundings.hpp"

#include "http/task_control.hpp"
#include "telemetry/metrics.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mfo::node {

/// Reads the configuration again; or all that is wrong with it, a line each.
using configuration_reader =
    std::function<tl::expected<configuration, std::vector<std::string>>()>;

struct node_options {
  surroundings in{}; ///< as they stand: the machine
  /// Empty: the configuration stays as it is.
  configuration_reader read_again{};
  /// Reads it again by itself when one of its sources has changed.
  bool watches = false;
};

/// One running node: listener, actors, connector, admin, started and stopped
/// in the order of docs/architecture.md.
class node {
public:
  /// Starts everything and is ready when it returns. The settings have an
  /// endpoint for each trigger of the workflows (node/workflows.hpp). The error
  /// is a line, or one for each problem.
  static tl::expected<std::unique_ptr<node>, std::string>
  start(configuration given, node_options how = {});

  virtual ~node() = default;

  /// The ports bound.
  [[nodiscard]] virtual std::uint16_t port() const noexcept = 0;
  [[nodiscard]] virtual std::uint16_t admin_port() const noexcept = 0;

  [[nodiscard]] virtual const telemetry::metrics& metrics() const noexcept = 0;

  /// As the admin listener has them.
  [[nodiscard]] virtual http::task_control tasks() const = 0;

  /// As schedule_clock::fire.
  virtual void fire(const std::string& trigger,
                    std::chrono::milliseconds at) = 0;

  /// Waits for SIGTERM, SIGINT or an actor's failure, then drains within
  /// `drain_timeout` and stops. A second signal ends the process at once. `ok`:
  /// it was told to stop, and all that was in flight is delivered, with peers
  /// or a dead letter; else `gave_up`. Meanwhile it reads its configuration
  /// again when it is asked to.
  virtual exit_status run() = 0;
};

} // namespace mfo::node
