#pragma once

#include "actors/examiner.hpp"
#include "actors/mfo_connector.hpp"
#include "actors/task_runner.hpp"
#include "api/auth_factory.hpp"
#include "api/operation.hpp"
#include "core/envelope.hpp"
#include "http/exchange.hpp"
#include "signatures/signer.hpp"
#include "telemetry/observer.hpp"

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Actors under CAF's test coordinator: nothing runs but what a test runs, on
/// one thread, and time only passes when a test lets it pass.
namespace mfo::actors::tests {

/// A delivery that tests tell by its number of attempts.
inline core::outcome delivered_after(unsigned attempts) {
  core::outcome result;
  result.attempts = attempts;
  return result;
}

/// An answer that a test can look at.
struct answer_probe {
  std::vector<http::answer> answers;
};

class probe_responder final : public http::responder {
public:
  explicit probe_responder(std::shared_ptr<answer_probe> probe)
    : probe_(std::move(probe)) {}

  void send(http::answer value) noexcept override {
    probe_->answers.push_back(std::move(value));
  }

private:
  std::shared_ptr<answer_probe> probe_;
};

/// A client whose replies the test gives.
class scripted_client final : public http::client {
public:
  struct call {
    http::client_request request;
    http::client_callback done;
  };

  void send(http::client_request request, http::client_callback done) override {
    if (throws)
      throw std::runtime_error{"client out of order"};
    calls.push_back({std::move(request), std::move(done)});
  }

  void close() override {}

  /// Answers the oldest call that has no answer yet.
  void reply(http::client_result result) {
    auto next = std::move(calls.front());
    calls.pop_front();
    next.done(std::move(result));
  }

  void reply(int status, http::header_list headers = {}) {
    reply(http::client_response{status, std::move(headers), "{}"});
  }

  std::deque<call> calls;
  bool throws = false;
};

/// Whom nobody but the test answers for.
class scripted_outside final : public outside {
public:
  struct question {
    taskflow::call_request what;
    answer_callback answer;
  };

  cancellation ask(taskflow::call_request request,
                   std::chrono::steady_clock::time_point, const run_info&,
                   const std::string&, answer_callback answer) override {
    asked.push_back({std::move(request), std::move(answer)});
    return [this] {
      ++cancelled;
    };
  }

  std::vector<question> asked;
  int cancelled = 0;
};

class actor_fixture : public ::testing::Test {
protected:
  using clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds unix_now{1'700'000'000};

  actor_fixture()
    : system_(config_),
      scheduler_(dynamic_cast<caf::scheduler::test_coordinator&>(
          system_.scheduler())) {
    endpoint_settings_.id = "hook";
    endpoint_settings_.path = "/hook";
    endpoint_settings_.signature.secrets = {config::secret{"s3cret"}};
    endpoint_settings_.server = "default";
  }

  ~actor_fixture() override {
    for (const auto& each : to_stop_)
      caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
    to_stop_.clear();
    run();
  }

  /// Ends the actor with the test.
  template <class Handle>
  Handle watch(Handle handle) {
    to_stop_.push_back(caf::actor_cast<caf::actor>(handle));
    return handle;
  }

  /// Lets every actor work until none has anything to do.
  void run() {
    scheduler_.run();
  }

  /// Lets time pass, in steps, as each step may start another timer.
  void pass(std::chrono::milliseconds time) {
    constexpr std::chrono::milliseconds step{10};
    for (; time > step; time -= step)
      advance(step);
    advance(time);
  }

  [[nodiscard]] clock::time_point now() {
    return scheduler_.clock().now();
  }

  core::event_ptr make_event(std::string payload = R"({"a":1})") {
    const auto settings =
        std::make_shared<const config::endpoint_settings>(endpoint_settings_);
    core::header_fields fields;
    auto made = signatures::sign(endpoint_settings_.signature,
                                 {.body = payload, .unix_now = unix_now});
    if (signature_override_)
      made.front().second = *signature_override_;
    for (const auto& [name, value] : made)
      if (!value.empty())
        fields.add(name, value);
    return core::make_event({.payload = payload,
                             .fields = std::move(fields),
                             .delivery_id = delivery_id_},
                            settings,
                            {.node_name = "node",
                             .depths = metrics_->depths(),
                             .random = [this] { return ++random_; },
                             .generation = generation_},
                            {unix_now, now()});
  }

  /// What a validator of these endpoints needs.
  template <class... Endpoints>
  std::shared_ptr<const validator_deps>
  validator_deps_of(const Endpoints&... endpoints) const {
    return std::make_shared<const validator_deps>(
        validator_deps{.endpoints = {endpoints...},
                       .limits = {},
                       .deliveries = deliveries_,
                       .unix_now = [] {
                         return unix_now;
                       }});
  }

  /// An exchange whose answer ends in the probe.
  std::pair<http::exchange_ptr, std::shared_ptr<answer_probe>>
  make_exchange(core::event_ptr event) {
    auto probe = std::make_shared<answer_probe>();
    auto exchange = std::make_shared<http::exchange>(
        std::move(event), 1, std::make_unique<probe_responder>(probe),
        core::admission::permit{},
        std::make_shared<const http::exchange_services>(http::exchange_services{
            observer(), nullptr, http::remember_in(deliveries_)}));
    return {std::move(exchange), std::move(probe)};
  }

  [[nodiscard]] telemetry::observer observer() const {
    return {metrics_, log_};
  }

  /// What a connector of the server needs; nobody logs in.
  [[nodiscard]] std::shared_ptr<mfo_connector_deps>
  connector_deps(config::server_settings server,
                 std::shared_ptr<http::client> client) const {
    auto deps = std::make_shared<mfo_connector_deps>();
    deps->make_auth = [auth = server.auth, paths = server.paths] {
      return std::move(*api::make_auth_provider(auth, paths));
    };
    deps->server = std::move(server);
    deps->client = client;
    deps->login_client = std::move(client);
    deps->health = std::make_shared<telemetry::upstream_health>();
    deps->status = std::make_shared<telemetry::server_status>("default", 0);
    deps->observer = observer();
    deps->uniform = [] {
      return 0.5;
    };
    return deps;
  }

  /// What a task runner needs; it can ask nobody but servers.
  [[nodiscard]] task_runner_deps_ptr
  runner_deps(const std::vector<taskflow::workflow_ptr>& workflows = {}) {
    auto deps = std::make_shared<task_runner_deps>();
    config::server_settings server;
    server.name = "default";
    deps->flows = {.settings = {},
                   .servers = {server},
                   .report =
                       std::make_shared<flow_report>(workflows, observer())};
    deps->others = others_;
    deps->emit = [this](core::event_ptr event) {
      emitted_.push_back(std::move(event));
      return core::outcome{};
    };
    deps->uniform = [] {
      return 0.5;
    };
    deps->log = log_;
    return deps;
  }

  /// The events from here on have the ids of the first ones again.
  void random_again() {
    random_ = 0;
  }

  /// Sends a request and gives its outcome, or nothing while it is pending.
  class pending {
  public:
    std::optional<core::outcome> outcome;
    std::optional<caf::error> error;
  };

  template <class Handle, class... Args>
  std::shared_ptr<pending> ask(const Handle& whom, Args... args) {
    auto result = std::make_shared<pending>();
    const auto asker = [=](caf::event_based_actor* self, const Handle& to) {
      self->request(to, caf::infinite, args...)
          .then([=](const core::outcome& value) { result->outcome = value; },
                [=](const caf::error& why) { result->error = why; });
    };
    // Actors here always get an argument: without one, CAF 0.17 dereferences a
    // null pointer to an empty tuple, which UBSan reports.
    watch(system_.spawn(asker, whom));
    run();
    return result;
  }

  struct testing_config : caf::actor_system_config {
    testing_config() {
      set("scheduler.policy", caf::atom("testing"));
    }
  };

  testing_config config_;
  caf::actor_system system_;
  caf::scheduler::test_coordinator& scheduler_;
  config::endpoint_settings endpoint_settings_;
  std::optional<std::string> signature_override_;
  std::string delivery_id_;
  core::generation_ptr generation_; ///< of the events; null: the first
  std::shared_ptr<core::delivery_window> deliveries_ =
      std::make_shared<core::delivery_window>(core::delivery_window::bounds{});
  std::vector<std::string> lines_;
  std::shared_ptr<scripted_outside> others_ =
      std::make_shared<scripted_outside>();
  std::vector<core::event_ptr> emitted_;
  std::shared_ptr<telemetry::metrics> metrics_ =
      std::make_shared<telemetry::metrics>(
          std::vector<std::string>{"hook"},
          telemetry::upstream_names{
              {"default", "other"},
              {api::operation_names.begin(), api::operation_names.end()}});
  std::shared_ptr<telemetry::log> log_ = std::make_shared<telemetry::log>(
      config::log_settings{.level = config::log_level::debug},
      [this](std::string_view line) { lines_.emplace_back(line); });

private:
  void advance(std::chrono::milliseconds step) {
    scheduler_.advance_time(step);
    run();
  }

  std::uint64_t random_ = 0;
  std::vector<caf::actor> to_stop_;
};

} // namespace mfo::actors::tests
