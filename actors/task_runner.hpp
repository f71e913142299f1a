#pragma once

#include "actors/flow_runner.hpp"
#include "actors/interfaces.hpp"
#include "actors/outside.hpp"
#include "telemetry/log.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

namespace mfo::actors {

/// The connectors by the name of their server.
using connector_map = std::map<std::string, mfo_connector_actor, std::less<>>;

/// What the task runner needs of its node.
struct task_runner_deps {
  flow_runner_deps flows;
  std::shared_ptr<outside> others; ///< not null
  /// As flow_host::emit. Called on the actor's thread; must not block.
  std::function<core::outcome(core::event_ptr)> emit;
  /// Random in [0, 1), for jitter. Called on the actor's thread.
  std::function<double()> uniform;
  std::shared_ptr<telemetry::log> log;
};

using task_runner_deps_ptr = std::shared_ptr<const task_runner_deps>;

/// What the runner tells itself, beside its contract.
using task_runner_impl = task_runner_actor::extend<
    // A request to another server, or a question, was answered so.
    caf::reacts_to<reply_atom, std::uint64_t, call_result_ptr>,
    // It is time for the runs that wait.
    caf::reacts_to<wake_atom, std::uint64_t>>;

class task_runner_host;

struct task_runner_state {
  task_runner_state();
  ~task_runner_state();

  static inline const char* name = "task_runner";

  connector_map connectors;
  std::unique_ptr<task_runner_host> host;
  std::unique_ptr<flow_runner> flows; ///< uses the host
};

/// Carries out routes. A thin shell: what it does is in actors/flow_runner.hpp.
/// An event that is only forwarded goes straight on to its connector.
task_runner_impl::behavior_type
task_runner(task_runner_impl::stateful_pointer<task_runner_state> self,
            task_runner_deps_ptr deps, connector_map connectors);

} // namespace mfo::actors
