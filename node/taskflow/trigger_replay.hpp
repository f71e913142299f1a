#pragma once

#include "node/command.hpp"
#include "node/taskflow/local_session.hpp"

#include "actors/route.hpp"
#include "dead_letters/letter.hpp"
#include "dead_letters/replay.hpp"

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace mfo::node {

/// Runs the taskflows that letters were for, in this process, with the ids that
/// the node's runs had: a server that knows them does nothing twice. The events
/// that come of it start what they would start on a node; that is part of the
/// letter, and all of it is done again while any of it fails.
class trigger_replay {
public:
  /// `answers` to questions, by the path of the task. A question that has none
  /// fails: its default is for somebody who has been given time.
  trigger_replay(configuration loaded,
                 std::map<std::string, std::string> answers);

  /// Whether it is a trigger that took the letter's event in: then its taskflow
  /// is all that the letter is for, and no server.
  [[nodiscard]] static bool is_trigger(const std::string& endpoint) noexcept;

  /// The trigger's taskflow; for a letter of an endpoint, what the triggers
  /// start that ask for its type.
  dead_letters::done run(const dead_letters::letter& letter);

  /// What is under way, and all that comes, has failed. Any thread.
  void abandon();

private:
  dead_letters::done start(const core::event_ptr& event,
                           std::vector<actors::trigger_ref> those);
  dead_letters::done pass_on(const core::event& cause,
                             const actors::trigger_ref& trigger);
  [[nodiscard]] config::endpoint_settings
  endpoint_for(const std::vector<actors::trigger_ref>& those) const;
  [[nodiscard]] core::event_ptr take_emitted();
  [[nodiscard]] tl::expected<local_session*, std::string> session();

  configuration loaded_;
  std::map<std::string, std::string> answers_;
  std::vector<actors::trigger_ref> triggers_;
  std::vector<actors::trigger_ref> by_type_; ///< those for events
  std::mutex mutex_;                         ///< guards what follows
  std::deque<core::event_ptr> emitted_;    ///< whose triggers have not started
  std::unique_ptr<local_session> session_; ///< null until it is needed
  bool abandoned_ = false;
};

} // namespace mfo::node
