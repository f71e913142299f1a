#pragma once

#include "node/api_session.hpp"
#include "node/command.hpp"
#include "node/taskflow/trigger_replay.hpp"

#include "dead_letters/replay.hpp"

#include <tl/expected.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace mfo::node {

/// Delivers letters to the servers of a configuration, each letter to its own,
/// under its own id and trace, by the same connectors as a node; and runs the
/// taskflows that it was for (node/taskflow/trigger_replay.hpp).
class letter_carrier {
public:
  /// `answers` to questions of taskflows, by the path of the task.
  letter_carrier(configuration loaded,
                 std::map<std::string, std::string> answers);

  /// May take as long as the server's retry policy and the taskflows last. By
  /// one thread.
  dead_letters::done deliver(const dead_letters::letter& letter);

  /// The delivery under way, and all that come, have failed. Any thread.
  void abandon();

private:
  dead_letters::done send(const dead_letters::letter& letter);
  [[nodiscard]] tl::expected<api_session*, std::string>
  session_with(const std::string& server);

  config::settings settings_;
  trigger_replay triggers_;
  std::mutex mutex_;
  bool abandoned_ = false; ///< guarded by mutex_, as the next
  std::map<std::string, std::unique_ptr<api_session>> sessions_;
};

/// A carrier for the configuration of a file, with these answers to questions
/// (TASK=TEXT).
tl::expected<dead_letters::deliver_function, command_failure>
connect_letters(const std::string& config_file,
                const std::vector<std::string>& answers);

} // namespace mfo::node
