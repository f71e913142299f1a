#pragma once

#include "actors/flow_observer.hpp"
#include "taskflow/call.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace mfo::actors {

/// Whom runs ask that is no MFO server: other HTTP servers, and people.
/// Thread-safe.
class outside {
public:
  /// Called once, on any thread, unless it was cancelled before.
  using answer_callback = std::function<void(taskflow::call_result)>;
  /// Nobody waits any more. Idempotent, on any thread.
  using cancellation = std::function<void()>;

  virtual ~outside() = default;

  /// `request` is an http_request_call or a question_call of the task at `path`
  /// of the run. `answer` may be called within this.
  [[nodiscard]] virtual cancellation
  ask(taskflow::call_request request,
      std::chrono::steady_clock::time_point deadline, const run_info& run,
      const std::string& path, answer_callback answer) = 0;
};

} // namespace mfo::actors
