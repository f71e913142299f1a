#pragma once

#include "actors/examiner.hpp"
#include "actors/interfaces.hpp"
#include "actors/mfo_connector.hpp"
#include "actors/task_runner.hpp"
#include "core/restart_window.hpp"
#include "telemetry/observer.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::actors {

/// The intake of the moment, for the listener's thread. Thread-safe.
class intake_handle {
public:
  void set(intake_actor current) {
    const std::lock_guard lock{mutex_};
    current_ = std::move(current);
    changed_.notify_all();
  }

  [[nodiscard]] intake_actor get() const {
    const std::lock_guard lock{mutex_};
    return current_;
  }

  /// Waits until there is one; false when there is none by then.
  [[nodiscard]] bool wait_for(std::chrono::milliseconds longest) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, longest,
                             [this] { return static_cast<bool>(current_); });
  }

private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  intake_actor current_;
};

/// For what the connectors end to come back, before the intake ends the rest.
inline constexpr std::chrono::milliseconds abandon_grace{250};

/// More failures of one stage than this within the window: give up.
inline constexpr std::size_t max_restarts = 5;
inline constexpr std::chrono::seconds restart_period{30};
inline constexpr std::chrono::milliseconds first_restart_delay{50};

/// What the stages of a node are made of, all of it of one configuration.
struct generation_parts {
  std::uint64_t number = 0;
  validator_deps_ptr validator; ///< of the same generation
  /// One a server. One that an earlier generation has too goes on for both,
  /// with all that it has under way.
  std::vector<mfo_connector_deps_ptr> connectors;
  /// Servers that peers call for this node, by way of the hub.
  std::vector<std::string> remote_servers{};
  task_runner_deps_ptr task_runner;
  workflow_list workflows;
};

struct supervisor_deps {
  generation_parts_ptr first;
  /// In a cluster; else null. It is watched, not started: when it ends, the
  /// node gives up.
  sharing_actor hub{};
  /// As router_deps::in_line. Without a hub: not null.
  std::shared_ptr<std::atomic<std::size_t>> in_line =
      std::make_shared<std::atomic<std::size_t>>(0);
  std::shared_ptr<intake_handle> intake;
  telemetry::observer observer;
  /// Called once, when a stage fails too often; on a scheduler thread.
  std::function<void(std::string_view stage)> escalate;
};

/// What the supervisor starts: a stage, or the connector of one server.
struct part {
  core::stage which = core::stage::intake;
  std::string server; ///< of a connector, else empty
  /// Of a task runner its own, of a connector the first that had it.
  std::uint64_t generation = 0;

  friend auto operator<=>(const part&, const part&) = default;
};

struct supervisor_state {
  // A constructor of its own, so that it is no aggregate: CAF would have C++20
  // initialise an aggregate's first member from the actor's address.
  supervisor_state() = default;

  static inline const char* name = "supervisor";

  struct connector {
    mfo_connector_deps_ptr deps; ///< null: peers make the calls
    mfo_connector_actor actor;
  };

  struct generation {
    generation_parts_ptr parts;
    task_runner_actor runner;
    std::map<std::string, part> connectors; ///< by server
  };

  /// What is still ending of a generation that is to be forgotten.
  struct retirement {
    std::set<caf::actor_addr> ending;
    caf::typed_response_promise<std::uint64_t> answer;
    std::uint64_t generation = 0;
  };

  std::shared_ptr<const supervisor_deps> deps;
  intake_actor intake;
  validator_actor validator;
  router_actor router;
  std::map<std::uint64_t, generation> generations; ///< the newest is last
  std::map<part, connector> connectors;
  std::vector<retirement> retirements;
  bool open = false; ///< the endpoints can be reached
  std::map<caf::actor_addr, part> parts;
  std::map<part, core::restart_window> failures;
};

/// Starts the stages from the server's end to the door, watches them, and
/// starts a failed one again. Ends them all when it ends.
///
/// Intake, validator and router are there for all generations, so that events
/// stay in their order, whichever they are of; each generation has a task
/// runner of its own.
supervisor_actor::behavior_type
supervisor(supervisor_actor::stateful_pointer<supervisor_state> self,
           std::shared_ptr<const supervisor_deps> deps);

} // namespace mfo::actors
