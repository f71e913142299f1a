#pragma once

#include "actors/flow_observer.hpp"
#include "taskflow/trace/progress.hpp"
#include "taskflow/trace/spans.hpp"

#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace mfo::node {

/// Shows on standard error how a run gets on.
class progress_display final : public actors::flow_observer {
public:
  /// `terminal`: lines are redrawn, on `redraw`.
  explicit progress_display(taskflow::progress_options how);

  void began(const actors::run_info& run) override;
  void moment(const actors::run_info& run,
              const taskflow::task_moment& what) override;
  void ended(const actors::run_info& run, const taskflow::run& how,
             std::chrono::steady_clock::duration took) override;

  /// Any thread; so are the others.
  void redraw();

  /// While somebody else writes to the terminal, nothing is drawn there.
  void pause();
  void resume();

private:
  void take_missed();

  taskflow::progress_options how_;
  std::mutex mutex_; ///< guards shown_, and the order of what is written
  std::optional<taskflow::progress> shown_;
  bool paused_ = false;
  std::vector<taskflow::task_moment> missed_; ///< while it is paused
};

/// Keeps the moments of one run, for traces. Read it once the run has ended.
class moment_keeper final : public actors::flow_observer {
public:
  void began(const actors::run_info& run) override;
  void moment(const actors::run_info& run,
              const taskflow::task_moment& what) override;
  void ended(const actors::run_info& run, const taskflow::run& how,
             std::chrono::steady_clock::duration took) override;

  /// As Chrome and Perfetto have it.
  [[nodiscard]] std::string chrome_trace() const;
  /// As flame graphs have it.
  [[nodiscard]] std::string folded() const;

private:
  [[nodiscard]] taskflow::traced_run traced() const;

  std::string workflow_;
  std::string taskflow_;
  taskflow::run::clock::time_point began_;
  taskflow::run::clock::time_point ended_;
  std::optional<taskflow::task_outcome> outcome_;
  std::vector<taskflow::task_moment> moments_;
};

} // namespace mfo::node
