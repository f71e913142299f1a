#include "node/cluster_seat.hpp"

#include "node/name_lookup.hpp"

#include "cluster/transport/prepare.hpp"
#include "config/address.hpp"
#include "telemetry/version.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <random>
#include <thread>
#include <utility>

namespace mfo::node {

namespace {

constexpr std::chrono::milliseconds poll_interval{10};

cluster::role_set roles_of(const std::vector<config::node_role>& roles) {
  std::uint8_t bits = 0;
  for (const auto each : roles)
    switch (each) {
    case config::node_role::intake:
      bits |= cluster::role_set{cluster::role::intake}.bits();
      break;
    case config::node_role::runner:
      bits |= cluster::role_set{cluster::role::runner}.bits();
      break;
    case config::node_role::connector:
      bits |= cluster::role_set{cluster::role::connector}.bits();
      break;
    }
  return cluster::role_set::of_bits(bits);
}

cluster::membership_settings
membership_of(const config::cluster_settings& given) {
  cluster::membership_settings result;
  result.heartbeat = given.heartbeat;
  result.suspect_after = given.suspect_after;
  result.dead_after = given.dead_after;
  return result;
}

using status_list = std::vector<telemetry::server_status_ptr>;

cluster::node_load load_of(const status_list& servers) {
  cluster::node_load load;
  for (const auto& each : servers) {
    load.queued += each->waiting.load(std::memory_order_relaxed);
    load.in_flight += each->in_flight.load(std::memory_order_relaxed);
    load.max_in_flight += each->limit.load(std::memory_order_relaxed);
  }
  return load;
}

/// Of a node that is no connector: its runs, as it has no calls of its own.
cluster::node_load load_of(const actors::flow_report& flows,
                           std::size_t max_runs) {
  return {.queued = 0, .in_flight = flows.runs(), .max_in_flight = max_runs};
}

std::vector<std::string> open_circuits_of(const status_list& servers) {
  std::vector<std::string> open;
  for (const auto& each : servers)
    if (each->circuit.load() == core::breaker_state::open)
      open.push_back(each->name);
  return open;
}

/// Tells the intake of the moment of an event.
template <class Atom>
std::function<void(const core::event_ptr&)>
to_intake(const std::shared_ptr<actors::intake_handle>& intake) {
  return [intake](const core::event_ptr& event) {
    if (const auto target = intake->get())
      caf::anon_send(target, Atom::value, event);
  };
}

} // namespace

cluster::node_card card_of(const config::settings& settings,
                           std::uint64_t process) {
  const auto& given = settings.cluster;
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  cluster::node_card card;
  card.name = settings.node_name;
  card.born = {
      .started = static_cast<std::uint64_t>(
          std::chrono::duration_cast<std::chrono::milliseconds>(since).count()),
      .process = process};
  card.where = {given.advertise.host, given.advertise.port};
  card.roles = roles_of(given.roles);
  card.labels = given.labels;
  card.software = telemetry::version;
  return card;
}

cluster::transport_settings transport_of(const config::settings& settings) {
  const auto& given = settings.cluster;
  cluster::transport_settings result;
  result.listen = given.listen;
  result.tls = given.tls.on;
  result.certificate = given.tls.certificate;
  result.key = given.tls.key;
  result.ca = given.tls.ca;
  result.name = settings.node_name;
  result.allowed_names = given.tls.names;
  return result;
}

bool calls_servers(const config::settings& settings) {
  const auto& roles = settings.cluster.roles;
  return !settings.cluster.on() ||
         std::ranges::find(roles, config::node_role::connector) != roles.end();
}

void prepare_for_cluster(caf::actor_system_config& config,
                         const config::cluster_settings& settings) {
  cluster::prepare(config, {.interval = 2 * settings.heartbeat,
                            .timeout = 2 * settings.dead_after});
}

cluster::hub_rules rules_of(const config::settings& settings,
                            std::vector<taskflow::workflow_ptr> workflows,
                            const std::vector<server_link>& servers,
                            std::shared_ptr<const actors::flow_report> flows,
                            core::generation_ptr generation) {
  cluster::hub_rules rules;
  rules.generation = std::move(generation);
  status_list statuses;
  for (const auto& each : servers) {
    statuses.push_back(each.deps->status);
    rules.servers.insert(each.settings().name);
  }
  for (const auto& each : settings.endpoints)
    rules.endpoints.emplace(
        each.id, std::make_shared<const config::endpoint_settings>(each));
  rules.workflows = std::move(workflows);
  rules.traced = settings.tracing.on();
  if (calls_servers(settings))
    rules.load = [statuses] {
      return load_of(statuses);
    };
  else
    rules.load = [flows = std::move(flows),
                  most = settings.taskflows.max_runs] {
      return load_of(*flows, most);
    };
  rules.open_circuits = [statuses] {
    return open_circuits_of(statuses);
  };
  return rules;
}

tl::expected<std::unique_ptr<cluster_seat>, std::string>
cluster_seat::open(const deps& given) {
  std::mt19937_64 random{std::random_device{}()};
  std::unique_ptr<cluster_seat> seat{
      new cluster_seat{given.settings.cluster.tls}};
  seat->log_ = given.log;
  seat->has_seeds_ = !given.settings.cluster.seeds.empty();
  auto deps = std::make_shared<cluster::hub_deps>();
  static_cast<cluster::hub_rules&>(*deps) = given.rules;
  const auto& settings = given.settings.cluster;
  deps->cluster = settings.name;
  deps->card = card_of(given.settings, random());
  deps->membership = membership_of(settings);
  deps->sharing.local_threshold = settings.local_threshold;
  deps->calling.busy_threshold = settings.local_threshold;
  deps->seeds = settings.seeds;
  deps->depths = given.depths;
  deps->resolve = make_lookup(given.io);
  deps->uniform = [random]() mutable {
    return std::uniform_real_distribution<double>{}(random);
  };
  deps->drain_asked = given.drain_asked;
  deps->acknowledge = to_intake<actors::accept_atom>(given.intake);
  deps->answer_late = to_intake<actors::late_atom>(given.intake);
  deps->take_over = given.take_over;
  deps->handed_over = given.handed_over;
  deps->claims.window = {.max_ids = given.settings.dedup.max_ids,
                         .age = given.settings.dedup.window};
  deps->dedup = given.settings.dedup.max_ids > 0;
  deps->fire = [fire = given.fire](const cluster::tick_record& tick) {
    fire(tick.trigger, tick.tick);
  };
  deps->unix_now = [] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch());
  };
  deps->report = seat->report_;
  deps->log = given.log;
  deps->events = given.events;
  seat->hub_ =
      given.system.spawn(cluster::hub, cluster::hub_deps_ptr{std::move(deps)});
  seat->shares_ = seat->hub_;
  auto opened = cluster::transport::open(
      given.system, transport_of(given.settings),
      caf::actor_cast<caf::strong_actor_ptr>(seat->hub_),
      [hub = seat->hub_](const cluster::link_event& what) {
        caf::anon_send(hub, std::make_shared<const cluster::link_event>(what));
      });
  if (!opened)
    return tl::unexpected{"cluster: " + opened.error()};
  seat->wire_ = std::make_shared<cluster::transport_wire>(*std::move(opened));
  if (!settings.tls.on)
    given.log->warn("the cluster is without TLS",
                    {{"detail", "whoever is on this host can join it"}});
  return seat;
}

cluster_seat::cluster_seat(const config::cluster_tls_settings& tls)
  : files_({tls.certificate, tls.key, tls.ca}) {
  files_.note();
}

cluster_seat::~cluster_seat() {
  stop();
}

void cluster_seat::adopt(cluster::hub_rules rules) const {
  caf::anon_send(hub_, actors::adopt_atom::value,
                 std::make_shared<const cluster::hub_rules>(std::move(rules)));
}

void cluster_seat::begin() {
  caf::anon_send(hub_, cluster::peer_wire_ptr{wire_});
  if (!has_seeds_)
    return;
  const auto end = std::chrono::steady_clock::now() + join_time;
  while (report_->links.load() == 0 && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(poll_interval);
}

void cluster_seat::drain() {
  caf::anon_send(hub_, cluster::drain_atom::value);
}

bool cluster_seat::ask_to_drain(const std::string& node) const {
  const auto members = report_->members();
  const auto* member = members ? members->find(node) : nullptr;
  if (member == nullptr || !member->linked)
    return false;
  caf::anon_send(hub_, cluster::drain_atom::value, node);
  return true;
}

void cluster_seat::leave(std::chrono::milliseconds longest) {
  caf::anon_send(hub_, cluster::leave_atom::value);
  const auto end = std::chrono::steady_clock::now() + longest;
  while (!report_->left.load() && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(poll_interval);
}

void cluster_seat::settled(const core::event& event) const {
  caf::anon_send(hub_, cluster::settled_atom::value, event.id);
}

void cluster_seat::hand_over(const core::event_ptr& event) const {
  caf::anon_send(hub_, cluster::hand_over_atom::value, event);
}

void cluster_seat::settle(const core::event_ptr& event,
                          core::delivery_end end) const {
  caf::anon_send(hub_, cluster::settle_atom::value, event, end);
}

void cluster_seat::schedule_due(const std::string& trigger,
                                std::chrono::milliseconds at) const {
  caf::anon_send(hub_, cluster::due_atom::value, trigger, at);
}

void cluster_seat::reload() {
  failure_.clear();
  try_reload();
}

void cluster_seat::reload_changed() {
  if (!failure_.empty() || files_.changed())
    try_reload();
}

void cluster_seat::try_reload() {
  files_.note();
  const auto done = wire_->get().reload();
  if (done) {
    failure_.clear();
    log_->info("tls reloaded", {{"listener", "cluster"}});
  } else if (std::exchange(failure_, done.error()) != done.error()) {
    log_->error("tls not reloaded; the former files stay in force",
                {{"listener", "cluster"}, {"reason", done.error()}});
  }
}

void cluster_seat::stop() {
  if (hub_)
    caf::anon_send_exit(hub_, caf::exit_reason::user_shutdown);
  if (wire_)
    wire_->get().stop();
}

} // namespace mfo::node
