#pragma once

#include "node/schedule_clock.hpp"

#include "actors/event_source.hpp"
#include "actors/flow_report.hpp"
#include "actors/task_runner.hpp"
#include "config/settings.hpp"
#include "taskflow/definition.hpp"
#include "telemetry/observer.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <vector>

namespace mfo::node {

/// All of a node that has to do with workflows, beside the actors.
class taskflows {
public:
  /// `source` is what events of triggers are made with, but for the settings
  /// and the workflows. Both settings and observer must be those of the node.
  taskflows(boost::asio::io_context& io, const config::settings& settings,
            std::vector<taskflow::workflow_ptr> workflows,
            telemetry::observer observer, actors::event_source::deps source);

  [[nodiscard]] actors::task_runner_deps_ptr runner_deps() const {
    return runner_;
  }

  [[nodiscard]] const std::vector<taskflow::workflow_ptr>&
  workflows() const noexcept {
    return workflows_;
  }

  /// The node is ready: schedules fire. On the I/O thread, or before it runs.
  void begin();

  /// Schedules fire no more. On the I/O thread.
  void cancel();

  [[nodiscard]] const actors::flow_report& report() const noexcept {
    return *report_;
  }

private:
  std::vector<taskflow::workflow_ptr> workflows_;
  std::shared_ptr<actors::flow_report> report_;
  std::shared_ptr<actors::event_source> source_;
  actors::task_runner_deps_ptr runner_;
  schedule_clock clock_;
};

} // namespace mfo::node
