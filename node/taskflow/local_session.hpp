#pragma once

#include "actors/flow_observer.hpp"
#include "actors/flow_request.hpp"
#include "actors/route.hpp"
#include "config/settings.hpp"
#include "core/envelope.hpp"
#include "core/outcome.hpp"
#include "node/command.hpp"
#include "node/taskflow/terminal_people.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mfo::node {

/// Runs taskflows in this process: by the same actors as a node, but with
/// neither listener nor triggers.
class local_session {
public:
  struct options {
    config::settings settings; ///< servers, taskflows and http_call count
    std::vector<taskflow::workflow_ptr> workflows;
    std::vector<std::shared_ptr<actors::flow_observer>> observers;
    /// Answers to questions, by the path of the task.
    std::map<std::string, std::string> answers;
    without_answer otherwise = without_answer::time_up;
    std::function<void(bool)> asking{}; ///< as question_prompt's
    bool verbose = false;               ///< the log on standard error
    /// As flow_host::emit, on another thread; empty: no trigger asks for it.
    std::function<core::outcome(core::event_ptr)> emit{};
  };

  static tl::expected<std::unique_ptr<local_session>, command_failure>
  open(options how);

  virtual ~local_session() = default;

  /// Does what is to be done with the event, as a node would, and waits for the
  /// end of all of it.
  virtual core::outcome carry_out(const core::event_ptr& event,
                                  actors::route what) = 0;

  /// Waits for its end. `between` is called every 100 ms or so, on this thread;
  /// true: the run is to be cancelled.
  virtual actors::flow_result run(actors::flow_request what,
                                  const std::function<bool()>& between) = 0;

  /// What `carry_out` is at, and will be, has failed. Any thread.
  virtual void abandon() = 0;
};

/// An event that no node has taken in: from now on it has the lifetime of its
/// endpoint. `received`: when it came to a node once; nothing: now.
[[nodiscard]] core::event_ptr make_local_event(
    core::request_view what, config::endpoint_settings endpoint,
    std::optional<std::chrono::milliseconds> received = std::nullopt);

} // namespace mfo::node
