#pragma once

#include "actors/flow_observer.hpp"
#include "actors/flow_request.hpp"
#include "config/settings.hpp"
#include "node/command.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
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
    /// Whether somebody at the terminal may be asked.
    bool interactive = false;
    bool verbose = false; ///< the log on standard error
  };

  static tl::expected<std::unique_ptr<local_session>, command_failure>
  open(options how);

  virtual ~local_session() = default;

  /// Waits for its end. `between` is called every 100 ms or so, on this thread;
  /// true: the run is to be cancelled.
  virtual actors::flow_result run(actors::flow_request what,
                                  const std::function<bool()>& between) = 0;
};

/// The event that stands for a start from the command line: with this payload,
/// this id, so much time, for this server.
[[nodiscard]] core::event_ptr make_local_event(std::string_view payload,
                                               std::string_view type,
                                               std::chrono::milliseconds time,
                                               const std::string& server);

} // namespace mfo::node
