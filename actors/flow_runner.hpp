#pragma once

#include "actors/api_request.hpp"
#include "actors/flow_host.hpp"
#include "actors/flow_report.hpp"
#include "actors/flow_request.hpp"
#include "actors/route.hpp"
#include "config/server_settings.hpp"
#include "config/taskflow_settings.hpp"
#include "core/event.hpp"
#include "core/outcome.hpp"
#include "taskflow/run/run.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mfo::actors {

struct flow_runner_deps {
  config::taskflow_settings settings;
  std::vector<config::server_settings> servers;
  std::shared_ptr<flow_report> report; ///< not null
  /// Besides the report; none of them null.
  std::vector<std::shared_ptr<flow_observer>> observers{};
};

/// Carries out what a route says: runs the taskflows of its triggers and
/// forwards the event, all at the same time, and gives one outcome when all of
/// it has ended. What goes out goes by way of the host.
///
/// Not thread-safe: it has one owner, which is also its host. What it holds is
/// bounded by max_runs; beyond that an event is answered `saturated`.
class flow_runner {
public:
  using done_callback = std::function<void(core::outcome)>;
  using result_callback = std::function<void(flow_result)>;

  flow_runner(flow_runner_deps deps, flow_host& host);
  flow_runner(const flow_runner&) = delete;
  flow_runner& operator=(const flow_runner&) = delete;
  // Without memory for the last answers the process may as well end.
  ~flow_runner(); // NOLINT(bugprone-exception-escape)

  /// `done` is called once, perhaps at once.
  void begin(const core::event_ptr& event, const route& what,
             done_callback done);

  /// Runs one taskflow. `done` is called once, perhaps at once.
  void run(flow_request what, result_callback done);

  // What the host was asked for has happened.
  void called(std::uint64_t number, const api_result& result);
  void forwarded(std::uint64_t number, const core::outcome& result);
  void answered(std::uint64_t number, taskflow::call_result result);
  void wake();

  /// Ends a run by its id; false where there is none.
  bool cancel(const std::string& run, const std::string& reason);

  /// Ends all runs: the node stops.
  void abandon();

private:
  using steady_time = flow_host::steady_time;

  struct parts;    ///< of an event's route: how many of them are left
  struct one_run;  ///< under way
  struct one_call; ///< that a run, or an event, waits for

  void meet(const core::event_ptr& event, const trigger_ref& trigger,
            std::string id, done_callback done);
  void start(flow_request what, result_callback done);
  template <class Say>
  void tell(Say say);
  void cancel_all(core::errc because, const std::string& reason);
  void proceed(std::uint64_t run);
  void act(one_run& run, taskflow::run::action action);
  void call(one_run& run, taskflow::run::action& action, std::uint64_t number);
  void forward(one_run& run, taskflow::run::action& action,
               std::uint64_t number);
  void forget(one_run& run, taskflow::call_id id);
  void give(std::uint64_t number, taskflow::call_result result);
  void end(std::uint64_t run);
  void plan_wake(std::uint64_t number, one_run& run);
  void wake_for_next();

  flow_runner_deps deps_;
  flow_host& host_;
  std::uint64_t last_number_ = 0; ///< of runs and calls
  std::unordered_map<std::uint64_t, std::unique_ptr<one_run>> runs_;
  std::unordered_map<std::uint64_t, std::unique_ptr<one_call>> calls_;
  std::set<std::pair<steady_time, std::uint64_t>> wakes_; ///< of runs
  std::optional<core::errc> closed_; ///< takes no more, for this reason
};

} // namespace mfo::actors
