#pragma once

#include "config/dead_letter_settings.hpp"
#include "dead_letters/replay.hpp"
#include "dead_letters/writer.hpp"
#include "http/letter_control.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace mfo::node {

/// Reads the dead letters of a node, and delivers them after all, for those who
/// must not wait: on a thread of its own, one job at a time. A second one is
/// refused meanwhile. Thread-safe.
class letter_clerk {
public:
  using done_function = http::letter_control::done_function;

  /// The sinks at this moment.
  struct box {
    config::dead_letter_settings settings{};
    std::vector<dead_letters::sink_state> states{};
  };

  struct delivery {
    dead_letters::deliver_function deliver;
    std::function<void()> abandon; ///< ends what is under way; any thread
  };

  struct deps {
    std::function<box()> look;         ///< on the clerk's thread
    std::function<delivery()> connect; ///< likewise, once for each replay
    /// After so long nothing more is begun.
    std::chrono::milliseconds list_time{std::chrono::seconds{10}};
    std::chrono::milliseconds replay_time{std::chrono::minutes{2}};
  };

  explicit letter_clerk(deps given);
  ~letter_clerk();
  letter_clerk(const letter_clerk&) = delete;
  letter_clerk& operator=(const letter_clerk&) = delete;

  /// As http::letter_control has them. `done` must not wait for another job.
  void list(std::size_t limit, done_function done);
  void replay(std::vector<std::string> event_ids, done_function done);

  /// Ends what is under way and takes no more. Does not wait.
  void begin_stop();

  /// The same, and waits: for a sink that is being read at the most. Not within
  /// `done`.
  void stop();

private:
  using job = std::function<std::string()>;

  void begin(job what, done_function done);
  [[nodiscard]] std::string list_now(std::size_t limit) const;
  [[nodiscard]] std::string replay_now(const std::vector<std::string>& ids);

  const deps deps_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_; ///< guards what follows
  bool busy_ = false;
  std::function<void()> abandon_; ///< empty: nothing is being delivered
  std::thread thread_;            ///< of the last job
};

} // namespace mfo::node
