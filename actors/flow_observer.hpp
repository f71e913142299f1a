#pragma once

#include "taskflow/definition.hpp"
#include "taskflow/run/run.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace mfo::actors {

/// Of whose life there is something to tell.
struct run_info {
  std::string id;
  taskflow::workflow_ptr workflow; ///< not null
  std::size_t taskflow = 0;        ///< index
  std::string trigger;             ///< its id in the workflow; empty: none
  std::string event_id;
  std::string traceparent{}; ///< of the event
  std::chrono::steady_clock::time_point began;

  [[nodiscard]] const taskflow::flow& flow() const {
    return workflow->taskflows[taskflow];
  }
};

/// Is told what becomes of runs, in order, on the thread of their runner. Must
/// not block, and must not call back.
class flow_observer {
public:
  virtual ~flow_observer() = default;

  virtual void began(const run_info& run) = 0;
  virtual void moment(const run_info& run,
                      const taskflow::task_moment& what) = 0;
  virtual void ended(const run_info& run, const taskflow::run& how,
                     std::chrono::steady_clock::duration took) = 0;
};

} // namespace mfo::actors
