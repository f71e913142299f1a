#pragma once

#include "actors/flow_runner.hpp"
#include "core/envelope.hpp"
#include "http/client.hpp"
#include "taskflow/load/load.hpp"
#include "tests/actors/actor_fixture.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Workflows, and a host that remembers what it is asked for.
namespace mfo::actors::tests {

/// One that must load; nothing but a name if it does not.
inline taskflow::workflow_ptr load_workflow(const std::string& text) {
  auto result = taskflow::load_text(
      text, "flow.yaml", [](std::string_view) { return std::nullopt; });
  if (result)
    return *std::move(result);
  ADD_FAILURE() << config::to_string(result.error());
  return std::make_shared<const taskflow::workflow>();
}

/// A workflow "w" whose manual trigger "t" starts "main" with these tasks, each
/// line indented by four.
inline std::string with_tasks(std::string_view tasks,
                              std::string_view of_trigger = "",
                              std::string_view of_flow = "") {
  return "workflow_name: w\n"
         "triggers:\n"
         "  - {id: t, type: manual, target_taskflow: main" +
         std::string{of_trigger} +
         "}\n"
         "taskflows:\n"
         "- taskflow_id: main\n" +
         std::string{of_flow} + "  tasks:\n" + std::string{tasks};
}

class recording_host final : public flow_host {
public:
  struct api {
    std::string server;
    api_request_ptr request;
    std::uint64_t number;

    [[nodiscard]] std::string body() const {
      return request->call.body ? *request->call.body : "";
    }
  };
  struct event {
    std::string server;
    core::event_ptr what;
    std::uint64_t number;
  };
  struct question {
    taskflow::call_request what;
    steady_time deadline;
    std::string path;
    std::uint64_t number;
  };

  steady_time now() override {
    return time;
  }
  double uniform() override {
    return 0.5;
  }
  void call(const std::string& server, api_request_ptr request,
            const std::string&, std::uint64_t number) override {
    calls.push_back({server, std::move(request), number});
  }
  void forward(const std::string& server, core::event_ptr what,
               const std::string&, std::uint64_t number) override {
    events.push_back({server, std::move(what), number});
  }
  void ask(taskflow::call_request request, steady_time deadline,
           const run_info&, const std::string& path,
           std::uint64_t number) override {
    questions.push_back({std::move(request), deadline, path, number});
  }
  void cancel(std::uint64_t number) override {
    cancelled.push_back(number);
  }
  core::outcome emit(core::event_ptr what) override {
    emitted.push_back(std::move(what));
    return takes_emitted;
  }
  void wake_at(steady_time when) override {
    wakes = when;
  }

  steady_time time{std::chrono::hours{1}};
  std::deque<api> calls;
  std::deque<event> events;
  std::deque<question> questions;
  std::vector<std::uint64_t> cancelled;
  std::vector<core::event_ptr> emitted;
  core::outcome takes_emitted; ///< what is said of them
  std::optional<steady_time> wakes;
};

inline api_result replied(int status, std::string body = "{}") {
  api_result result;
  if (status < 200 || status >= 300)
    result.outcome = core::refused(core::errc::upstream_rejected);
  result.outcome.upstream_status = status;
  result.reply = http::client_response{status, {}, std::move(body)};
  return result;
}

class flow_fixture : public actor_fixture {
protected:
  /// Begins with an event whose payload is this.
  void begin(const std::string& workflow, std::string payload = "{}") {
    workflow_ = load_workflow(workflow);
    make_runner({workflow_});
    start(route{{}, {{workflow_, 0}}}, std::move(payload));
  }

  void make_runner(const std::vector<taskflow::workflow_ptr>& workflows) {
    report_ = std::make_shared<flow_report>(workflows, observer());
    config::server_settings server;
    server.name = "default";
    runner_ = std::make_unique<flow_runner>(
        flow_runner_deps{
            .settings = settings_, .servers = {server}, .report = report_},
        host_);
  }

  void start(const route& what, std::string payload = "{}") {
    event_ = make_event_at(std::move(payload));
    runner_->begin(event_, what, [this](core::outcome result) {
      outcomes_.push_back(std::move(result));
    });
  }

  /// An event that has 10 s.
  core::event_ptr make_event_at(std::string payload) {
    const auto settings =
        std::make_shared<const config::endpoint_settings>(endpoint_settings_);
    return core::make_event({.payload = payload, .delivery_id = "d1"}, settings,
                            {.node_name = "node",
                             .depths = metrics_->depths(),
                             .random =
                                 [this] {
                                   return ++count_;
                                 }},
                            {unix_now, host_.time});
  }

  /// The call that came first and was not answered.
  recording_host::api next_call() {
    if (host_.calls.empty()) {
      ADD_FAILURE() << "there is no call";
      return {"", std::make_shared<const api_request>(), 0};
    }
    auto call = host_.calls.front();
    host_.calls.pop_front();
    return call;
  }

  void reply(int status, std::string body = "{}") {
    const auto call = next_call();
    runner_->called(call.number, replied(status, std::move(body)));
  }

  void pass(std::chrono::milliseconds time) {
    host_.time += time;
    if (host_.wakes && *host_.wakes <= host_.time) {
      host_.wakes.reset();
      runner_->wake();
    }
  }

  /// How the only event ended; a failure where it has not.
  core::outcome outcome() {
    if (outcomes_.size() == 1)
      return outcomes_.front();
    ADD_FAILURE() << outcomes_.size() << " outcomes";
    return {};
  }

  void expect_nothing_left() {
    EXPECT_EQ(report_->runs(), 0U);
    EXPECT_EQ(report_->calls(), 0U);
  }

  config::taskflow_settings settings_;
  recording_host host_;
  taskflow::workflow_ptr workflow_;
  std::shared_ptr<flow_report> report_;
  core::event_ptr event_;
  std::vector<core::outcome> outcomes_;
  std::unique_ptr<flow_runner> runner_;
  std::uint64_t count_ = 0;
};

} // namespace mfo::actors::tests
