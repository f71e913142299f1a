#include "node/taskflow/run_observers.hpp"

#include "taskflow/trace/chrome_trace.hpp"
#include "taskflow/trace/folded.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace mfo::node {

namespace {

using std::chrono::steady_clock;

void show(const std::string& text) {
  if (text.empty())
    return;
  fmt::print(stderr, "{}", text);
  std::fflush(stderr);
}

} // namespace

progress_display::progress_display(taskflow::progress_options how)
  : how_(how) {}

void progress_display::began(const actors::run_info& run) {
  const std::lock_guard lock{mutex_};
  shown_.emplace(run.flow().id, how_, run.began);
}

void progress_display::moment(const actors::run_info&,
                              const taskflow::task_moment& what) {
  const std::lock_guard lock{mutex_};
  if (paused_)
    missed_.push_back(what);
  else if (shown_)
    show(shown_->take(what));
}

void progress_display::ended(const actors::run_info&, const taskflow::run& how,
                             steady_clock::duration) {
  const std::lock_guard lock{mutex_};
  // A question that nobody answered has the cursor behind it.
  if (std::exchange(paused_, false))
    show("\n");
  take_missed();
  if (shown_)
    show(shown_->finish(how.outcome(), how.error(), steady_clock::now()));
  shown_.reset();
}

void progress_display::redraw() {
  const std::lock_guard lock{mutex_};
  if (shown_ && !paused_)
    show(shown_->redraw(steady_clock::now()));
}

void progress_display::pause() {
  const std::lock_guard lock{mutex_};
  paused_ = true;
  if (shown_)
    show(shown_->clear());
}

void progress_display::resume() {
  const std::lock_guard lock{mutex_};
  paused_ = false;
  take_missed();
}

/// Requires: the lock is held.
void progress_display::take_missed() {
  for (const auto& each : std::exchange(missed_, {}))
    if (shown_)
      show(shown_->take(each));
}

void moment_keeper::began(const actors::run_info& run) {
  workflow_ = run.workflow->name;
  taskflow_ = run.flow().id;
  began_ = ended_ = run.began;
}

void moment_keeper::moment(const actors::run_info&,
                           const taskflow::task_moment& what) {
  moments_.push_back(what);
}

void moment_keeper::ended(const actors::run_info&, const taskflow::run& how,
                          steady_clock::duration) {
  ended_ = steady_clock::now();
  outcome_ = how.outcome();
}

taskflow::traced_run moment_keeper::traced() const {
  return {.workflow = workflow_,
          .taskflow = taskflow_,
          .began = began_,
          .ended = ended_,
          .outcome = outcome_,
          .moments = moments_};
}

std::string moment_keeper::chrome_trace() const {
  return taskflow::chrome_trace(traced());
}

std::string moment_keeper::folded() const {
  return taskflow::folded(traced());
}

} // namespace mfo::node
