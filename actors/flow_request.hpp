#pragma once

#include "core/event.hpp"
#include "core/outcome.hpp"
#include "taskflow/definition.hpp"
#include "taskflow/json.hpp"
#include "taskflow/run/run.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace mfo::actors {

/// A taskflow that is to be run once.
struct flow_request {
  std::string id; ///< of the run
  taskflow::workflow_ptr workflow;
  std::size_t taskflow = 0; ///< index
  std::string trigger{};    ///< its id in the workflow; empty: none
  taskflow::late_json input;
  taskflow::late_json view{}; ///< TRIGGER; may be none
  /// Whose trace, deadline and server are the run's.
  core::event_ptr event;
};

using flow_request_ptr = std::shared_ptr<const flow_request>;

/// What has become of it.
struct flow_result {
  core::outcome outcome; ///< what a sender of its event is told
  taskflow::task_outcome how = taskflow::task_outcome::cancelled;
  taskflow::json_ptr value{}; ///< null unless it succeeded
  std::optional<taskflow::run_error> error{};
};

using flow_result_ptr = std::shared_ptr<const flow_result>;

} // namespace mfo::actors
