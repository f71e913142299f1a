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
  /// `cancel` has whoever runs it end a run.
  run_control(std::shared_ptr<actors::flow_records> records,
              std::function<void(const std::string& run)> cancel);

  /// Starts runs of these from now on, by this source.
  void adopt(std::vector<taskflow::workflow_ptr> workflows,
             std::shared_ptr<actors::event_source> source);

  /// As task_control::start has it.
  void start(const http::manual_start& what,
             http::task_control::begun_function begun,
             http::task_control::ended_function ended);

  void cancel(const std::string& run) const {
    cancel_(run);
  }

private:
  /// What is in force.
  struct offer {
    std::vector<taskflow::workflow_ptr> workflows;
    std::shared_ptr<actors::event_source> source;
  };

  [[nodiscard]] offer in_force();
  [[nodiscard]] std::string new_delivery();

  const std::shared_ptr<actors::flow_records> records_;
  const std::function<void(const std::string& run)> cancel_;
  std::mutex mutex_; ///< guards what follows
  offer offer_;
  std::mt19937_64 random_{std::random_device{}()};
};

} // namespace mfo::node
