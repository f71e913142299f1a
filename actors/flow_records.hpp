#pragma once

#include "actors/flow_observer.hpp"
#include "telemetry/run_book.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace mfo::actors {

/// Writes runs down in a book, and tells those who wait for one how it ended.
/// Waiters may come and go on any thread.
class flow_records final : public flow_observer {
public:
  /// Called once, on the runner's thread; must not block.
  using ended_callback = std::function<void(const taskflow::run& how)>;

  explicit flow_records(std::shared_ptr<telemetry::run_book> book);

  void began(const run_info& run) override;
  void moment(const run_info& run, const taskflow::task_moment& what) override;
  void ended(const run_info& run, const taskflow::run& how,
             std::chrono::steady_clock::duration took) override;

  /// Waits for the end of a run that has not begun.
  void await(const std::string& run, ended_callback then);

  /// True: it will not be told any more, and has not been.
  bool forget(const std::string& run);

private:
  std::shared_ptr<telemetry::run_book> book_;
  std::unordered_map<std::string, telemetry::run_entry> entries_;
  std::mutex mutex_; ///< guards waiters_
  std::unordered_map<std::string, ended_callback> waiters_;
};

/// What the book keeps of an error.
[[nodiscard]] telemetry::run_problem problem_of(const taskflow::run_error& why);

} // namespace mfo::actors
