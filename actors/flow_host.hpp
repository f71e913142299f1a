#pragma once

#include "actors/api_request.hpp"
#include "actors/flow_observer.hpp"
#include "core/event.hpp"
#include "taskflow/call.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace mfo::actors {

/// What a flow_runner needs done. Each is answered by the member of the runner
/// that it names, later and on the same thread; what was cancelled may be
/// answered or not.
class flow_host {
public:
  using steady_time = std::chrono::steady_clock::time_point;

  [[nodiscard]] virtual steady_time now() = 0;

  /// Random in [0, 1).
  [[nodiscard]] virtual double uniform() = 0;

  // `path` is that of the task; empty for an event that is sent on as it came.

  /// Makes a call of the server's API; then `called(number, …)`.
  virtual void call(const std::string& server, api_request_ptr request,
                    const std::string& path, std::uint64_t number) = 0;

  /// Delivers an event to the server; then `forwarded(number, …)`.
  virtual void forward(const std::string& server, core::event_ptr event,
                       const std::string& path, std::uint64_t number) = 0;

  /// Sends a request to another server, or asks a person; then
  /// `answered(number, …)`.
  virtual void ask(taskflow::call_request request, steady_time deadline,
                   const run_info& run, const std::string& path,
                   std::uint64_t number) = 0;

  /// Nobody waits for the answer any more.
  virtual void cancel(std::uint64_t number) = 0;

  /// A taskflow has made this event: it is for the event triggers too. What is
  /// refused here is not done; another try may find those that took it before.
  virtual core::outcome emit(core::event_ptr event) = 0;

  /// At that time, `wake()`; in place of an earlier request.
  virtual void wake_at(steady_time when) = 0;

protected:
  ~flow_host() = default;
};

} // namespace mfo::actors
