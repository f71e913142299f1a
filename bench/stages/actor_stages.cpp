// Messages between actors, on one thread: CAF's own scheduler for tests runs
// them one after the other, so that no two runs differ.

#include "actors/intake.hpp"
#include "actors/mfo_connector.hpp"
#include "actors/router.hpp"
#include "actors/task_runner.hpp"
#include "actors/validator.hpp"
#include "bench/stages/callers.hpp"
#include "bench/stages/stage.hpp"

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mfo::bench {

namespace {

/// Actors that work when they are told to.
class played_actors {
public:
  played_actors()
    : system_(config_),
      scheduler_(dynamic_cast<caf::scheduler::test_coordinator&>(
          system_.scheduler())) {}

  ~played_actors() {
    for (const auto& each : all_)
      caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
    all_.clear();
    run();
  }

  played_actors(const played_actors&) = delete;

  template <class Function, class... Args>
  auto spawn(Function made_by, Args&&... args) {
    auto made = system_.spawn(made_by, std::forward<Args>(args)...);
    all_.push_back(caf::actor_cast<caf::actor>(made));
    return made;
  }

  void run() {
    scheduler_.run();
  }

  /// What time it is then.
  std::chrono::steady_clock::time_point pass(std::chrono::milliseconds time) {
    scheduler_.advance_time(time);
    return scheduler_.clock().now();
  }

private:
  struct playing : caf::actor_system_config {
    playing() {
      set("scheduler.policy", caf::atom("testing"));
    }
  };

  playing config_;
  caf::actor_system system_;
  caf::scheduler::test_coordinator& scheduler_;
  std::vector<caf::actor> all_;
};

using asked_for_event = caf::typed_actor<caf::reacts_to<core::event_ptr>>;

actors::work_actor::behavior_type work_at_once(actors::work_actor::pointer,
                                               int) {
  return {[](const core::event_ptr&, const actors::route_ptr&) {
    return core::outcome{};
  }};
}

/// A message with an event to one typed actor, and its answer.
step actor_hop() {
  struct parts {
    played_actors all;
    actors::work_actor worker = all.spawn(work_at_once, 0);
    core::event_ptr event = event_of(an_endpoint(), "{}");
    actors::route_ptr route = std::make_shared<const actors::route>();
    int answered = 0;
    asked_for_event asker = all.spawn(
        [this](asked_for_event::pointer self, int) {
          return asked_for_event::behavior_type{
              [this, self](const core::event_ptr& one) {
                self->request(worker, caf::infinite, one, route)
                    .then([this](const core::outcome&) { ++answered; });
              }};
        },
        0);
  };
  return [it = std::make_shared<parts>()] {
    const auto before = it->answered;
    caf::anon_send(it->asker, it->event);
    it->all.run();
    return it->answered == before + 1;
  };
}

/// Answers before it is done with asking.
class immediate_client final : public http::client {
public:
  void send(http::client_request, http::client_callback done) override {
    done(http::client_response{202, {}, "{}"});
  }

  void close() override {}
};

class nobody_outside final : public actors::outside {
public:
  cancellation ask(taskflow::call_request,
                   std::chrono::steady_clock::time_point,
                   const actors::run_info&, const std::string&,
                   answer_callback) override {
    return [] {
    };
  }
};

class noting_responder final : public http::responder {
public:
  explicit noting_responder(int& good) : good_(good) {}

  void send(http::answer value) noexcept override {
    good_ += value.status == 202 ? 1 : 0;
  }

private:
  int& good_;
};

/// The stages of a node, and a server that answers at once.
struct played_node {
  [[nodiscard]] actors::mfo_connector_deps_ptr connector_deps() const {
    auto deps = std::make_shared<actors::mfo_connector_deps>();
    deps->server = a_server();
    deps->client = std::make_shared<immediate_client>();
    deps->login_client = deps->client;
    deps->make_auth = [] {
      return std::make_unique<no_auth>();
    };
    deps->health = std::make_shared<telemetry::upstream_health>();
    deps->status = std::make_shared<telemetry::server_status>("default", 0);
    deps->observer = observer;
    deps->uniform = [] {
      return 0.5;
    };
    return deps;
  }

  [[nodiscard]] actors::task_runner_deps_ptr runner_deps() const {
    auto deps = std::make_shared<actors::task_runner_deps>();
    deps->flows.servers = {a_server()};
    deps->flows.report = std::make_shared<actors::flow_report>(
        std::vector<taskflow::workflow_ptr>{}, observer);
    deps->others = std::make_shared<nobody_outside>();
    deps->emit = [](const core::event_ptr&) {
      return core::outcome{};
    };
    deps->uniform = [] {
      return 0.5;
    };
    deps->log = observer.log;
    return deps;
  }

  [[nodiscard]] actors::validator_deps_ptr validator_deps() const {
    return std::make_shared<const actors::validator_deps>(
        actors::validator_deps{.endpoints = {*endpoint},
                               .limits = {},
                               .deliveries = nullptr,
                               .unix_now = [] {
                                 return signing_time;
                               }});
  }

  [[nodiscard]] bool take_one() {
    const auto before = good;
    // An event is marked on its way, so each is one of its own.
    auto event = core::make_event(
        {.payload = payload, .fields = fields, .delivery_id = "d1"}, endpoint,
        origin, {signing_time, all.pass(std::chrono::milliseconds{1})});
    caf::anon_send(intake, std::make_shared<http::exchange>(
                               std::move(event), account,
                               std::make_unique<noting_responder>(good),
                               core::admission::permit{}, services));
    all.run();
    return good == before + 1;
  }

  telemetry::observer observer = an_observer();
  std::size_t account = observer.metrics->events()->index_of("hook");
  http::exchange_services_ptr services =
      std::make_shared<const http::exchange_services>(
          http::exchange_services{.observer = observer});
  std::shared_ptr<const config::endpoint_settings> endpoint = an_endpoint();
  std::string payload = payload_of(1024);
  core::header_fields fields = signature_of(*endpoint, payload);
  core::event_origin origin{
      .node_name = "node", .depths = observer.metrics->depths(), .random = [] {
        return std::uint64_t{42};
      }};
  int good = 0;
  played_actors all;
  actors::mfo_connector_impl connector =
      all.spawn(actors::mfo_connector, connector_deps());
  actors::task_runner_impl runner =
      all.spawn(actors::task_runner, runner_deps(),
                actors::connector_map{
                    {"default", actors::mfo_connector_actor{connector}}});
  actors::router_impl router = all.spawn(
      actors::router, actors::work_actor{runner},
      actors::router_deps{.workflows = {}, .in_line = {}, .log = observer.log});
  actors::validator_actor validator =
      all.spawn(actors::validator, validator_deps(),
                actors::router_actor{router}, observer.log);
  actors::intake_actor intake =
      all.spawn(actors::intake, validator, observer.log);
};

/// An event's whole way: it is made, passes all actors, and is answered.
step actors_1k() {
  return [it = std::make_shared<played_node>()] {
    return it->take_one();
  };
}

} // namespace

std::vector<stage> actor_stages() {
  return {{"actor_hop", actor_hop}, {"actors_1k", actors_1k}};
}

} // namespace mfo::bench
