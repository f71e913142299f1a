#pragma once

#include "node/flow_books.hpp"
#include "node/http_calls.hpp"
#include "node/schedule_clock.hpp"

#include "actors/event_source.hpp"
#include "actors/flow_observer.hpp"
#include "actors/flow_report.hpp"
#include "actors/outside.hpp"
#include "actors/task_runner.hpp"
#include "config/settings.hpp"
#include "taskflow/definition.hpp"
#include "telemetry/observer.hpp"

#include <boost/asio/io_context.hpp>
#include <tl/expected.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace mfo::node {

/// All of a node that has to do with the workflows of one configuration, beside
/// the actors.
class taskflows {
public:
  /// What a node gives its taskflows.
  struct deps {
    const config::settings& settings; ///< with the endpoints of triggers
    std::vector<taskflow::workflow_ptr> workflows;
    telemetry::observer observer;
    /// What events of triggers are made with, but for settings and workflows.
    actors::event_source::deps source;
    flow_books books;
    /// As schedule_clock's.
    schedule_clock::claim_function claim_tick{};
    // As surroundings has them.
    std::shared_ptr<outbound::http_caller> caller{};
    std::function<std::shared_ptr<actors::outside>(
        std::shared_ptr<actors::outside>)>
        between{};
    std::vector<std::shared_ptr<actors::flow_observer>> observers{};
  };

  /// `io` must outlive it. The error is one line.
  static tl::expected<std::unique_ptr<taskflows>, std::string>
  open(boost::asio::io_context& io, deps given);

  ~taskflows() = default;
  taskflows(const taskflows&) = delete;
  taskflows& operator=(const taskflows&) = delete;

  [[nodiscard]] actors::task_runner_deps_ptr runner_deps() const {
    return runner_;
  }

  [[nodiscard]] const std::vector<taskflow::workflow_ptr>&
  workflows() const noexcept {
    return workflows_;
  }

  /// People start its taskflows from now on. Any thread.
  void take_over_control();

  /// Schedules fire. On the I/O thread, or before it runs.
  void begin();

  /// The same in the place of `former`, whose schedules fire no more.
  void begin_after(taskflows& former);

  /// Schedules fire no more. On the I/O thread.
  void cancel();

  /// Ends the calls of other servers, and waits for that: nothing is answered
  /// afterwards. Once the actors are done; not on the I/O thread. Idempotent.
  void stop_calls() {
    calls_->stop();
  }

  /// As schedule_clock::fire.
  void fire(const std::string& trigger, std::chrono::milliseconds at) {
    clock_.fire(trigger, at);
  }

  /// As event_source::inherit.
  [[nodiscard]] bool inherit(core::event_ptr event) {
    return source_->inherit(std::move(event));
  }

  [[nodiscard]] const outbound::http_caller& caller() const noexcept {
    return *calls_->caller();
  }

  [[nodiscard]] const std::shared_ptr<actors::flow_report>&
  report() const noexcept {
    return report_;
  }

private:
  taskflows(boost::asio::io_context& io, deps given,
            std::unique_ptr<http_calls> calls);

  std::vector<taskflow::workflow_ptr> workflows_;
  std::shared_ptr<actors::flow_report> report_;
  std::shared_ptr<actors::event_source> source_;
  std::shared_ptr<run_control> control_;
  std::size_t keep_runs_;
  std::shared_ptr<telemetry::run_book> runs_;
  actors::task_runner_deps_ptr runner_;
  schedule_clock clock_;
  std::unique_ptr<http_calls> calls_; ///< its callbacks need none of the rest
};

} // namespace mfo::node
