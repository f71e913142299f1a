#pragma once

#include "actors/interfaces.hpp"
#include "cluster/hub/hub.hpp"
#include "cluster/hub/transport_wire.hpp"
#include "cluster/transport/prepare.hpp"
#include "config/settings.hpp"
#include "telemetry/log.hpp"
#include "tests/cluster/hub/played_connector.hpp"
#include "tests/cluster/messages/events.hpp"
#include "tests/support/reserved_port.hpp"
#include "tests/support/wait_until.hpp"

#include <caf/all.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace mfo::cluster::test {

/// A task runner that a test plays: it holds events, or ends them at once.
class played_runner {
public:
  explicit played_runner(caf::actor_system& system)
    : actor_(system.spawn([this](actors::task_runner_actor::pointer self) {
        return behave(self);
      })) {}

  [[nodiscard]] const actors::task_runner_actor& actor() const {
    return actor_;
  }

  void stop() {
    caf::anon_send_exit(actor_, caf::exit_reason::kill);
    actor_ = actors::task_runner_actor{};
  }

  std::atomic<bool> holds{false}; ///< events are not answered
  std::atomic<int> runs{0};

  /// The events that came, by their ids, in their order.
  [[nodiscard]] std::vector<std::string> ids() const {
    const std::lock_guard lock{mutex_};
    return ids_;
  }

  /// Of these, the last one; empty: none has come.
  [[nodiscard]] std::string last_id() const {
    const std::lock_guard lock{mutex_};
    return ids_.empty() ? std::string{} : ids_.back();
  }

  /// Ends an event that it holds.
  void end(const std::string& id) {
    caf::anon_send(actor_, actors::cancel_atom::value, id, std::string{});
  }

private:
  actors::task_runner_actor::behavior_type
  behave(actors::task_runner_actor::pointer self) {
    return {
        [this, self](const core::event_ptr& event,
                     const actors::route_ptr&) -> caf::result<core::outcome> {
          note(event->id);
          if (holds) {
            auto answer = self->make_response_promise<core::outcome>();
            held_.emplace(event->id, answer);
            return answer;
          }
          core::outcome delivered;
          delivered.attempts = 1;
          return delivered;
        },
        [](const actors::flow_request_ptr&) {
          return actors::flow_result_ptr{};
        },
        [this](actors::cancel_atom, const std::string& id, const std::string&) {
          if (auto held = held_.extract(id))
            held.mapped().deliver(core::outcome{});
        },
        [](actors::abandon_atom) {},
        [](actors::wire_atom, const std::string&,
           const actors::mfo_connector_actor&) {},
    };
  }

  void note(const std::string& id) {
    const std::lock_guard lock{mutex_};
    ids_.push_back(id);
    ++runs;
  }

  mutable std::mutex mutex_;
  std::vector<std::string> ids_; ///< guarded by mutex_
  /// Of the actor alone.
  std::map<std::string, caf::typed_response_promise<core::outcome>> held_;
  actors::task_runner_actor actor_;
};

/// A hub with a transport of its own on loopback, in an actor system of its
/// own: a node as its peers see it.
class hub_node {
public:
  struct options {
    std::string name;
    role_set roles = role_set::all();
    std::vector<config::listen_address> seeds{};
    std::string cluster = "shop";
    label_map labels{};
    bool dedup = false;
    /// Whose calls it makes, by one connector.
    std::set<std::string, std::less<>> servers{};
  };

  explicit hub_node(const options& given)
    : system_(config_), runner_(std::make_unique<played_runner>(system_)),
      connector_(std::make_unique<played_connector>(system_, given.name)) {
    auto deps = std::make_shared<hub_deps>();
    deps->cluster = given.cluster;
    deps->card = {.name = given.name,
                  .born = {.started = 1, .process = std::random_device{}()},
                  .where = {"127.0.0.1", port_.number()},
                  .roles = given.roles,
                  .labels = given.labels,
                  .speaks = {},
                  .software = "test"};
    deps->membership.heartbeat = std::chrono::milliseconds{50};
    deps->membership.suspect_after = std::chrono::milliseconds{500};
    deps->membership.dead_after = std::chrono::milliseconds{1'000};
    deps->seeds = given.seeds;
    deps->endpoints = {{plain_->id, plain_}, {replicated_->id, replicated_}};
    deps->depths = depths_;
    deps->servers = given.servers;
    deps->calling.wait_for_connector = std::chrono::milliseconds{500};
    deps->load = [this] {
      return node_load{.queued = queued.load(),
                       .in_flight = queued.load(),
                       .max_in_flight = 64};
    };
    deps->open_circuits = [] {
      return std::vector<std::string>{};
    };
    deps->resolve = [](const config::listen_address&, const auto& done) {
      done({});
    };
    deps->uniform = [] {
      return 0.5;
    };
    deps->drain_asked = [this] {
      ++drains_asked;
    };
    deps->dedup = given.dedup;
    deps->fire = [this](const tick_record&) {
      ++fired;
    };
    deps->unix_now = [] {
      return std::chrono::milliseconds{std::chrono::hours{24 * 365 * 50}};
    };
    deps->acknowledge = [this](const core::event_ptr&) {
      ++acknowledged;
    };
    deps->answer_late = [this](const core::event_ptr&) {
      ++answered_late;
    };
    deps->take_over = [this](const core::event_ptr& event) {
      ++taken_over;
      caf::anon_send(actors::work_actor{hub_}, event,
                     std::make_shared<const actors::route>());
      return true;
    };
    deps->handed_over = [this](const std::string&, bool done) {
      ++(done ? handed_over : kept);
    };
    deps->report = report_;
    deps->log = log_;
    hub_ = system_.spawn(hub, hub_deps_ptr{std::move(deps)});
    caf::anon_send(hub_, actors::wire_atom::value, runner_->actor(),
                   std::uint64_t{0});
    for (const auto& server : given.servers)
      caf::anon_send(hub_, actors::wire_atom::value, server,
                     connector_->actor());
    transport_settings wire;
    wire.listen = {"127.0.0.1", port_.number()};
    wire.tls = false;
    auto opened = transport::open(
        system_, wire, caf::actor_cast<caf::strong_actor_ptr>(hub_),
        [to = hub_](const link_event& what) {
          caf::anon_send(to, std::make_shared<const link_event>(what));
        });
    if (!opened) {
      ADD_FAILURE() << opened.error();
      return;
    }
    wire_ = std::make_shared<transport_wire>(*std::move(opened));
    caf::anon_send(hub_, peer_wire_ptr{wire_});
  }

  ~hub_node() {
    stop();
  }
  hub_node(const hub_node&) = delete;

  /// As a process that ends: nobody is told.
  void stop() {
    if (!hub_)
      return;
    caf::anon_send_exit(hub_, caf::exit_reason::user_shutdown);
    hub_ = hub_actor{};
    runner_->stop();
    connector_->stop();
    if (wire_)
      wire_->get().stop();
  }

  [[nodiscard]] config::listen_address address() const {
    return {"127.0.0.1", port_.number()};
  }

  /// The state in which it sees the member; nothing: it does not know it.
  [[nodiscard]] std::optional<member_state>
  sees(const std::string& name) const {
    const auto view = report_->members();
    const auto* member = view ? view->find(name) : nullptr;
    return member ? std::optional{member->state} : std::nullopt;
  }

  [[nodiscard]] bool sees_draining(const std::string& name) const {
    const auto view = report_->members();
    const auto* member = view ? view->find(name) : nullptr;
    return member != nullptr && member->load->draining;
  }

  [[nodiscard]] bool is_linked_to(const std::string& name) const {
    const auto view = report_->members();
    const auto* member = view ? view->find(name) : nullptr;
    return member != nullptr && member->is_reachable();
  }

  /// Gives it an event as its router does, and waits for how it ends.
  core::outcome run(const std::string& id) {
    core::outcome result = core::refused(core::errc::internal_error, "none");
    caf::scoped_actor self{system_};
    self->request(actors::work_actor{hub_}, support::patience, event(id),
                  std::make_shared<const actors::route>())
        .receive([&](core::outcome& how) { result = std::move(how); },
                 [&](const caf::error& why) {
                   result = core::refused(core::errc::internal_error,
                                          caf::to_string(why));
                 });
    return result;
  }

  /// Asks its hub for a call, and waits for what comes of it.
  actors::api_result_ptr call(const std::string& server,
                              const actors::api_request_ptr& request) {
    return ask<actors::api_result_ptr>(server, request);
  }

  /// The same for an event that is to be delivered.
  core::outcome forward(const std::string& server,
                        const core::event_ptr& event) {
    return ask<core::outcome>(server, event);
  }

  /// The same, and does not wait.
  core::event_ptr give(const std::string& id, const std::string& key = {}) {
    caf::scoped_actor self{system_};
    auto given = event(id, key);
    self->send(actors::work_actor{hub_}, given,
               std::make_shared<const actors::route>());
    return given;
  }

  core::event_ptr event(const std::string& id, const std::string& key = {}) {
    auto made = sample_event(std::chrono::steady_clock::now());
    made->id = id;
    made->ordering_key = key;
    made->endpoint = replicates ? replicated_ : plain_;
    return made;
  }

  const hub_actor& actor() const {
    return hub_;
  }

  const hub_report& report() const {
    return *report_;
  }

  [[nodiscard]] played_runner& runner() const {
    return *runner_;
  }

  played_connector& connector() {
    return *connector_;
  }

  /// Its events that are in that stage.
  [[nodiscard]] std::int64_t depth(core::stage where) const {
    return depths_->depth(where);
  }

  [[nodiscard]] std::vector<std::string> log() const {
    const std::lock_guard lock{lines_->mutex};
    return lines_->all;
  }

  std::atomic<std::size_t> queued{0};
  std::atomic<int> drains_asked{0};
  std::atomic<int> acknowledged{0};
  std::atomic<int> answered_late{0};
  std::atomic<int> taken_over{0};
  std::atomic<int> handed_over{0};     ///< events that a peer goes on with
  std::atomic<int> kept{0};            ///< of those that were to be, the others
  std::atomic<int> fired{0};           ///< ticks of schedules
  std::atomic<bool> replicates{false}; ///< the events that are given to it

private:
  struct configuration : caf::actor_system_config {
    configuration() {
      prepare(*this);
      set("scheduler.max-threads", std::size_t{1});
    }
  };

  struct log_lines {
    std::mutex mutex;
    std::vector<std::string> all;
  };

  /// A failure of the test, and nothing that says more, if no answer comes.
  template <class Answer, class What>
  Answer ask(const std::string& server, const What& what) {
    Answer result{};
    caf::scoped_actor self{system_};
    self->request(actors::sharing_actor{hub_}, support::patience, server, what)
        .receive([&](Answer& got) { result = std::move(got); },
                 [&](const caf::error& why) {
                   ADD_FAILURE() << caf::to_string(why);
                 });
    return result;
  }

  static std::shared_ptr<const config::endpoint_settings> replicated() {
    auto settings = *the_endpoint();
    settings.id = "payments";
    settings.ack = config::ack_mode::replicated;
    return std::make_shared<const config::endpoint_settings>(settings);
  }

  support::reserved_port port_;
  std::shared_ptr<const config::endpoint_settings> plain_ = the_endpoint();
  std::shared_ptr<const config::endpoint_settings> replicated_ = replicated();
  std::shared_ptr<log_lines> lines_ = std::make_shared<log_lines>();
  std::shared_ptr<telemetry::log> log_ = std::make_shared<telemetry::log>(
      config::log_settings{}, [lines = lines_](std::string_view line) {
        const std::lock_guard lock{lines->mutex};
        lines->all.emplace_back(line);
      });
  std::shared_ptr<hub_report> report_ = std::make_shared<hub_report>();
  std::shared_ptr<core::stage_depths> depths_ =
      std::make_shared<core::stage_depths>();
  configuration config_;
  caf::actor_system system_;
  std::unique_ptr<played_runner> runner_;
  std::unique_ptr<played_connector> connector_;
  hub_actor hub_;
  std::shared_ptr<transport_wire> wire_;
};

} // namespace mfo::cluster::test
