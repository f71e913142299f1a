#pragma once

#include "actors/event_source.hpp"
#include "actors/flow_records.hpp"
#include "actors/interfaces.hpp"
#include "http/task_control.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace mfo::node {

/// Runs that are started, and ended, by hand. Thread-safe.
class run_control : public std::enable_shared_from_this<run_control> {
public:
  struct parts {
    std::vector<taskflow::workflow_ptr> workflows;
    std::shared_ptr<actors::event_source> source;
    std::shared_ptr<actors::flow_records> records;
    /// Has the runner of the moment end a run.
    std::function<void(const std::string& run)> cancel;
  };

  explicit run_control(parts given);

  /// As task_control::start has it.
  void start(const http::manual_start& what,
             http::task_control::begun_function begun,
             http::task_control::ended_function ended);

  void cancel(const std::string& run) const {
    parts_.cancel(run);
  }

private:
  [[nodiscard]] std::string new_delivery();

  parts parts_;
  std::mutex mutex_; ///< guards random_
  std::mt19937_64 random_{std::random_device{}()};
};

} // namespace mfo::node
