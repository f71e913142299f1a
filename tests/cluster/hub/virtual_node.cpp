#include "tests/cluster/hub/virtual_node.hpp"

#include "core/leak_pause.hpp"
#include "tests/cluster/messages/events.hpp"

#include <caf/io/basp_broker.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;

using inherit_atom = caf::atom_constant<caf::atom("inherit")>;
using new_atom = caf::atom_constant<caf::atom("new")>;
using over_atom = caf::atom_constant<caf::atom("over")>;

/// Under which a gate is published on every connection.
constexpr std::uint16_t gate_port = 7420;
constexpr auto handshake_limit = 2s;
/// An event's, at its endpoint.
constexpr auto time_left = 10s;

std::shared_ptr<const config::endpoint_settings> replicated_endpoint() {
  auto settings = *the_endpoint();
  settings.id = "payments";
  settings.ack = config::ack_mode::replicated;
  return std::make_shared<const config::endpoint_settings>(settings);
}

} // namespace

virtual_configuration::virtual_configuration() {
  load<caf::io::middleman>();
  set("scheduler.policy", caf::atom("testing"));
  set("logger.inline-output", true);
  set("middleman.network-backend", caf::atom("testing"));
  // What they unpack, the broker does itself.
  set("middleman.workers", std::size_t{0});
  set("middleman.heartbeat-interval", caf::timespan{1s});
  set("middleman.connection-timeout", caf::timespan{5s});
  set("middleman.enable-automatic-connections", false);
}

virtual_node::virtual_node(const options& given, const place& where,
                           event_stories& all)
  : name(given.name), process(where.process), table(64, handshake_limit),
    stories_(all), random_(where.process), plain_(the_endpoint()),
    replicated_(replicated_endpoint()),
    wire_(std::make_shared<recorded_wire>()),
    system_(core::while_leaks_pause(configuration_)) {
  // No two hosts have the same steady clock.
  advance(1h * where.process);
  broker_ =
      system_.middleman().named_broker<caf::io::basp_broker>(caf::atom("BASP"));
  router_ = system_.spawn(
      [this](caf::event_based_actor* self) { return router(self); });
  runner_ = system_.spawn(
      [this](caf::event_based_actor* self) { return runner(self); });
  asker_ = system_.spawn(
      [this](caf::event_based_actor* self) { return asker(self); });
  hub_ = system_.spawn(hub, deps_of(given, where));
  caf::anon_send(hub_, actors::wire_atom::value,
                 caf::actor_cast<actors::task_runner_actor>(
                     caf::actor_cast<caf::strong_actor_ptr>(runner_)),
                 std::uint64_t{0});
  caf::anon_send(hub_, peer_wire_ptr{wire_});
  work();
}

virtual_node::~virtual_node() {
  stop();
}

hub_deps_ptr virtual_node::deps_of(const options& given, const place& where) {
  auto deps = std::make_shared<hub_deps>();
  deps->cluster = given.cluster;
  deps->card = {.name = name,
                .born = {.started = where.process, .process = where.process},
                .where = {where.address.host, where.address.port},
                .roles = given.roles,
                .labels = {},
                .speaks = given.speaks,
                .software = "test"};
  deps->seeds = where.seeds;
  deps->endpoints = {{plain_->id, plain_}, {replicated_->id, replicated_}};
  deps->depths = std::make_shared<core::stage_depths>();
  deps->load = [this] {
    return node_load{.queued = queued,
                     .in_flight = static_cast<std::size_t>(running),
                     .max_in_flight = 64};
  };
  deps->open_circuits = [] {
    return std::vector<std::string>{};
  };
  deps->resolve = [](const config::listen_address&, const auto& done) {
    done({});
  };
  deps->uniform = [this] {
    return std::uniform_real_distribution<double>{}(random_);
  };
  deps->drain_asked = [this] {
    ++drains_asked;
  };
  deps->dedup = given.dedup;
  deps->fire = [this](const tick_record&) {
    ++fired;
  };
  deps->unix_now = [] {
    return milliseconds{24h * 365 * 50};
  };
  deps->acknowledge = [this](const core::event_ptr& event) {
    ++stories_[event->id].acknowledged;
  };
  deps->answer_late = [](const core::event_ptr&) {
  };
  deps->take_over = [this](const core::event_ptr& event) {
    if (has_room)
      caf::anon_send(router_, inherit_atom::value, event);
    return has_room;
  };
  deps->report = report_;
  deps->log = std::make_shared<telemetry::log>(
      config::log_settings{},
      [this](std::string_view line) { lines_.emplace_back(line); });
  return deps;
}

/// Gives events to the hub, and lets go of them when they have ended.
caf::behavior virtual_node::router(caf::event_based_actor* self) {
  const auto run = [this, self](const core::event_ptr& event, bool inherited) {
    self->request(actors::work_actor{hub_}, caf::infinite, event,
                  std::make_shared<const actors::route>())
        .then([this, event, inherited](
                  const core::outcome& how) { ended(event, how, inherited); },
              [this, event, inherited](const caf::error& why) {
                ended(event,
                      core::refused(core::errc::internal_error,
                                    caf::to_string(why)),
                      inherited);
              });
  };
  return {[run](new_atom, const core::event_ptr& event) { run(event, false); },
          [run](inherit_atom, const core::event_ptr& event) {
            run(event, true);
          }};
}

/// Every event takes it as long as `takes` says, and goes well.
caf::behavior virtual_node::runner(caf::event_based_actor* self) {
  auto open = std::make_shared<
      std::map<std::uint64_t, std::pair<std::string, caf::response_promise>>>();
  return {[this, self, open, last = std::uint64_t{0}](
              const core::event_ptr& event,
              const actors::route_ptr&) mutable -> caf::result<core::outcome> {
            ++running;
            auto promise = self->make_response_promise();
            open->emplace(++last, std::pair{event->id, promise});
            self->delayed_send(self, takes, over_atom::value, last);
            return caf::delegated<core::outcome>{};
          },
          [this, open](over_atom, std::uint64_t number) {
            auto [id, promise] = open->extract(number).mapped();
            --running;
            ++stories_[id].runs;
            core::outcome delivered;
            delivered.attempts = 1;
            promise.deliver(delivered);
          }};
}

/// Has CAF shake hands over a connection that this node dialled.
caf::behavior virtual_node::asker(caf::event_based_actor* self) {
  return {[this, self](caf::connect_atom, caf::io::scribe_ptr& scribe,
                       link_id link) {
    self->request(broker_, caf::timespan{handshake_limit}, caf::connect_atom_v,
                  std::move(scribe), gate_port)
        .then(
            [this, link](const caf::node_id&, caf::strong_actor_ptr& gate,
                         const std::set<std::string>&) {
              joined.push_back({link, std::move(gate)});
            },
            [this, link](const caf::error&) {
              joined.push_back({link, nullptr});
            });
  }};
}

void virtual_node::ended(const core::event_ptr& event, core::outcome how,
                         bool inherited) {
  auto& story = stories_[event->id];
  const bool delivered = how.delivered();
  if (inherited)
    ++story.inherited_ends;
  else
    story.ends.push_back(std::move(how));
  caf::anon_send(hub_, settled_atom::value, event->id);
  caf::anon_send(hub_, settle_atom::value, event,
                 delivered ? core::delivery_end::taken
                           : core::delivery_end::failed);
}

void virtual_node::give(const std::string& id, bool replicated) {
  auto event = sample_event(now());
  event->id = id;
  event->endpoint = replicated ? replicated_ : plain_;
  event->received_at = now();
  event->deadline = now() + time_left;
  auto& story = stories_[id];
  story.origin = name;
  story.process = process;
  story.replicated = replicated;
  caf::anon_send(router_, new_atom::value, core::event_ptr{std::move(event)});
}

void virtual_node::drain() {
  caf::anon_send(hub_, drain_atom::value);
}

void virtual_node::leave() {
  caf::anon_send(hub_, leave_atom::value);
}

void virtual_node::schedule_due(const std::string& trigger) {
  caf::anon_send(hub_, due_atom::value, trigger, milliseconds{24h * 365 * 50});
}

bool virtual_node::reaches(std::string_view member) const {
  const auto view = report_->members();
  const auto* found = view ? view->find(member) : nullptr;
  return found != nullptr && found->is_reachable();
}

std::optional<member_state> virtual_node::sees(std::string_view member) const {
  const auto view = report_->members();
  const auto* found = view ? view->find(member) : nullptr;
  return found ? std::optional{found->state} : std::nullopt;
}

bool virtual_node::is_clean() const {
  return running == 0 && report_->away == 0 && report_->waiting == 0 &&
         report_->running == 0 && report_->copies.open == 0 &&
         report_->copies.held == 0 && report_->copies.bytes == 0;
}

bool virtual_node::has_logged(std::string_view text) const {
  return std::any_of(lines_.begin(), lines_.end(), [&](const auto& line) {
    return line.find(text) != std::string::npos;
  });
}

void virtual_node::advance(milliseconds by) {
  scheduler().advance_time(by);
}

void virtual_node::work() {
  while (scheduler().run() > 0 || multiplexer().try_exec_runnable())
    continue;
}

void virtual_node::read() {
  while (multiplexer().read_data())
    work();
}

void virtual_node::tell(const link_event& what) {
  caf::anon_send(hub_, std::make_shared<const link_event>(what));
}

void virtual_node::dial_over(caf::io::connection_handle by, link_id link) {
  caf::anon_send(asker_, caf::connect_atom_v, multiplexer().new_scribe(by),
                 link);
  work();
}

void virtual_node::accept_over(caf::io::connection_handle by) {
  caf::anon_send(broker_, caf::publish_atom_v, multiplexer().new_scribe(by),
                 gate_port, caf::actor_cast<caf::strong_actor_ptr>(hub_),
                 std::set<std::string>{});
  work();
}

void virtual_node::break_connection(caf::io::connection_handle which) {
  auto scribe = multiplexer().impl_ptr(which);
  if (scribe != nullptr && !scribe->detached())
    scribe->io_failure(&multiplexer(), caf::io::network::operation::read);
  multiplexer().impl_ptr(which) = nullptr;
  work();
}

caf::io::network::test_multiplexer& virtual_node::multiplexer() {
  return dynamic_cast<caf::io::network::test_multiplexer&>(
      system_.middleman().backend());
}

caf::node_id virtual_node::caf_node() const {
  return system_.node();
}

std::chrono::steady_clock::time_point virtual_node::now() {
  return scheduler().clock().now();
}

caf::scheduler::test_coordinator& virtual_node::scheduler() {
  return dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
}

void virtual_node::stop() {
  system_.registry().erase(hub_.id());
  for (const auto& each : {router_, runner_, asker_})
    caf::anon_send_exit(each, caf::exit_reason::kill);
  caf::anon_send_exit(hub_, caf::exit_reason::user_shutdown);
  router_ = runner_ = asker_ = broker_ = caf::actor{};
  hub_ = hub_actor{};
  joined.clear();
  gates.clear();
  work();
  // Its end would wait for them for ever.
  if (system_.registry().running() > 0) {
    ADD_FAILURE() << system_.registry().running() << " actors of " << name
                  << " do not end";
    system_.await_actors_before_shutdown(false);
  }
}

} // namespace mfo::cluster::test
