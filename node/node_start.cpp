// The start of a node: its parts, in the order in which they need each other.

#include "node/node_impl.hpp"

#include "node/cluster_view.hpp"
#include "node/risks.hpp"

#include "config/address.hpp"
#include "telemetry/version.hpp"

#include <fmt/format.h>

#include <random>
#include <utility>

namespace mfo::node {

namespace {

/// For the actors to be there, on however busy a machine.
constexpr std::chrono::seconds start_time{10};

} // namespace

std::optional<std::string> node_impl::start(const client_factory& make) {
  admission_ = std::make_shared<core::admission>(
      settings_.limits.max_in_flight, settings_.limits.max_bytes_in_flight);
  // In a cluster the hub has what is remembered.
  if (!settings_.cluster.on())
    deliveries_ =
        std::make_shared<core::delivery_window>(core::delivery_window::bounds{
            settings_.dedup.max_ids, settings_.dedup.window});
  if (auto error = open_servers(make))
    return error;
  auto tls = tls_listeners::open(settings_, observer_);
  if (!tls)
    return tls.error();
  tls_ = *std::move(tls);
  auto office = open_letter_office(settings_, observer_);
  if (!office)
    return office.error();
  office_ = *std::move(office);
  if (office_ && settings_.cluster.on())
    handing_ = std::make_shared<handing_office>(office_, observer_.log);
  if (auto error = open_taskflows())
    return error;
  if (auto error = open_cluster())
    return error;
  if (auto error = start_actors())
    return error;
  if (auto error = start_listener())
    return error;
  if (auto error = start_admin())
    return error;
  observer_.metrics->poll([this] { return gauges(status()); });
  signals_.await();
  if (office_)
    letter_round_.emplace(io_, office_);
  taskflows_->begin();
  io_thread_ = std::thread{[this] {
    io_.run();
  }};
  if (cluster_)
    cluster_->begin();
  state_->advance(http::node_phase::ready);
  const auto at = [](config::listen_address address, std::uint16_t port) {
    address.port = port;
    return config::format_listen_address(address);
  };
  observer_.log->info("node ready",
                      {{"version", telemetry::version},
                       {"node", settings_.node_name},
                       {"listen", at(settings_.listen, listener_->port())},
                       {"admin", at(settings_.admin_listen, admin_->port())},
                       {"servers", settings_.servers.size()}});
  warn_of_risks(settings_, *observer_.log);
  caf::anon_send(supervisor_, actors::open_atom::value);
  return std::nullopt;
}

/// Where peers make the calls there is nothing to open.
std::optional<std::string> node_impl::open_servers(const client_factory& make) {
  if (!calls_servers(settings_))
    return std::nullopt;
  auto linked = link_servers(io_, settings_.servers, settings_.notifications,
                             observer_, make);
  if (!linked)
    return linked.error();
  servers_ = *std::move(linked);
  return std::nullopt;
}

http::exchange_services node_impl::services() const {
  http::exchange_services all{observer_, office_,
                              http::remember_in(deliveries_)};
  if (handing_)
    all.office = handing_;
  if (settings_.cluster.on()) {
    all.remember = [this](const core::event_ptr& event, bool taken) {
      cluster_->settle(event, taken);
    };
    all.settled = [this](const core::event& event) {
      cluster_->settled(event);
    };
  }
  return all;
}

core::event_origin node_impl::new_origin() const {
  return {.node_name = settings_.node_name,
          .depths = observer_.metrics->depths(),
          .random = std::mt19937_64{std::random_device{}()}};
}

std::function<void(http::exchange_ptr)> node_impl::admit() const {
  return [intake = intake_](http::exchange_ptr exchange) {
    if (const auto target = intake->get())
      caf::anon_send(target, std::move(exchange));
    else
      exchange->finish(core::refused(core::errc::stage_unavailable));
  };
}

/// In a cluster one node fires each tick; the hub says which.
schedule_clock::claim_function node_impl::claim_tick() const {
  if (!settings_.cluster.on())
    return {};
  return [this](const std::string& trigger, std::chrono::milliseconds at) {
    cluster_->schedule_due(trigger, at);
  };
}

std::optional<std::string> node_impl::open_taskflows() {
  auto opened = taskflows::open(
      io_, {.settings = settings_,
            .workflows = workflows_,
            .observer = observer_,
            .source = {.state = state_,
                       .room = admission_,
                       .origin = new_origin(),
                       .services = services(),
                       .admit = admit()},
            .cancel =
                [this](const std::string& run) {
                  caf::anon_send(supervisor_, actors::cancel_atom::value, run);
                },
            .claim_tick = claim_tick()});
  if (!opened)
    return "http_call.ca_file: " + opened.error();
  taskflows_ = *std::move(opened);
  return std::nullopt;
}

std::optional<std::string> node_impl::open_cluster() {
  if (!settings_.cluster.on())
    return std::nullopt;
  auto opened = cluster_seat::open(
      {.system = system_,
       .io = io_,
       .settings = settings_,
       .workflows = workflows_,
       .servers = servers_,
       .flows = taskflows_->report(),
       .depths = observer_.metrics->depths(),
       .log = observer_.log,
       .drain_asked = [stop = stop_] { stop->ask_drain(); },
       .intake = intake_,
       .fire =
           [this](const std::string& trigger, std::chrono::milliseconds at) {
             taskflows_->fire(trigger, at);
           },
       .take_over =
           [this](const core::event_ptr& event) {
             return taskflows_->inherit(event);
           },
       .handed_over =
           [office = handing_](const std::string& id, bool done) {
             office->answered(id, done);
           }});
  if (!opened)
    return opened.error();
  cluster_ = *std::move(opened);
  if (handing_)
    handing_->begin(
        [this](const core::event_ptr& event) { cluster_->hand_over(event); });
  return std::nullopt;
}

std::optional<std::string> node_impl::start_actors() {
  auto deps = std::make_shared<actors::supervisor_deps>();
  deps->validator = std::make_shared<const actors::validator_deps>(
      actors::validator_deps{.endpoints = settings_.endpoints,
                             .limits = settings_.limits,
                             .deliveries = deliveries_,
                             .acknowledges = !settings_.cluster.on(),
                             .unix_now = unix_now});
  for (const auto& each : servers_)
    deps->connectors.push_back(each.deps);
  if (!calls_servers(settings_))
    for (const auto& each : settings_.servers)
      deps->remote_servers.push_back(each.name);
  deps->task_runner = taskflows_->runner_deps();
  deps->workflows = workflows_;
  deps->in_line = in_line_;
  if (cluster_)
    deps->hub = cluster_->hub();
  deps->intake = intake_;
  deps->observer = observer_;
  deps->escalate = [stop = stop_, state = state_](std::string_view stage) {
    state->advance(http::node_phase::failed);
    stop->give({fmt::format("{} failed too often", stage), true});
  };
  supervisor_ = system_.spawn(
      actors::supervisor, std::shared_ptr<const actors::supervisor_deps>{deps});
  // They start on a thread of their own: who is ready must have them.
  if (!intake_->wait_for(start_time))
    return "the actors did not start";
  return std::nullopt;
}

std::optional<std::string> node_impl::start_listener() {
  auto opened =
      http::listener::open(io_, settings_,
                           {.state = state_,
                            .admission = admission_,
                            .rooms = rooms_of_endpoints(settings_, admission_),
                            .origin = new_origin(),
                            .services = services(),
                            .tls = tls_.events,
                            .admit = admit()});
  if (!opened)
    return opened.error();
  listener_ = std::move(*opened);
  return std::nullopt;
}

std::optional<std::string> node_impl::start_admin() {
  auto opened =
      http::admin::open(settings_.admin_listen,
                        {.state = state_,
                         .observer = observer_,
                         .node_name = settings_.node_name,
                         .access = settings_.admin,
                         .tls = tls_.admin,
                         .checks = [this] { return health_checks(status()); },
                         .tasks = taskflows_->control(),
                         .cluster = cluster_control()});
  if (!opened)
    return opened.error();
  admin_ = std::move(*opened);
  return std::nullopt;
}

http::cluster_control node_impl::cluster_control() const {
  if (!cluster_)
    return {};
  return {
      .table = [this] { return cluster_json(settings_, cluster_->report()); },
      .drain =
          [this](const std::string& member) {
            return cluster_->ask_to_drain(member);
          }};
}

} // namespace mfo::node
