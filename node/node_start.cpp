// The start of a node: its parts, in the order in which they need each other.

#include "node/node_impl.hpp"

#include "node/cluster_view.hpp"
#include "node/endpoint_view.hpp"
#include "node/flow_view.hpp"
#include "node/heap_metrics.hpp"
#include "node/key_place.hpp"
#include "node/letter_delivery.hpp"
#include "node/overview_view.hpp"
#include "node/risks.hpp"

#include "config/address.hpp"
#include "core/clocks.hpp"
#include "telemetry/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace mfo::node {

namespace {

/// For the actors to be there, on however busy a machine.
constexpr std::chrono::seconds start_time{10};

} // namespace

std::optional<std::string> node_impl::start(configuration given) {
  sources_ = config::watched_files{given.sources};
  sources_.note();
  const auto& limits = given.settings.limits;
  admission_ = std::make_shared<core::admission>(limits.max_in_flight,
                                                 limits.max_bytes_in_flight);
  // In a cluster the hub has what is remembered.
  if (!in_cluster_)
    deliveries_ =
        std::make_shared<core::delivery_window>(core::delivery_window::bounds{
            given.settings.dedup.max_ids, given.settings.dedup.window});
  books_ = open_flow_books(
      given.settings.taskflows.keep_runs,
      [this](const std::string& run) {
        caf::anon_send(supervisor_, actors::cancel_atom::value, run);
      },
      spans_);
  auto made = make_generation(std::move(given), nullptr);
  if (!made)
    return std::move(made.error());
  const auto& first = **made;
  last_number_ = first.number;
  generations_.add(*made);
  if (auto error = open_cluster(first))
    return error;
  if (auto error = start_actors(first))
    return error;
  if (auto error = start_listener(first))
    return error;
  if (auto error = start_admin(first))
    return error;
  begin(first);
  return std::nullopt;
}

void node_impl::begin(const generation& first) {
  observer_.metrics->poll([this] { return gauges(status()); });
  observer_.metrics->poll(read_heap_metrics);
  note_start();
  note_how_it_is(status(), core::now_by_clocks());
  first.letters->begin(io_);
  exporter_->adopt(first.spans);
  first.flows->take_over_control();
  if (how_.in.runs_for_long) {
    signals_.await();
    first.flows->begin();
  }
  io_thread_ = std::thread{[this] {
    turns_.run_taking_in();
  }};
  if (&calls_io_ != &io_) {
    calls_work_.emplace(calls_io_.get_executor());
    calls_thread_ = std::thread{[this] {
      turns_.run_calling();
    }};
  }
  if (cluster_)
    cluster_->begin();
  state_->advance(http::node_phase::ready);
  const auto at = [](config::listen_address address, std::uint16_t port) {
    address.port = port;
    return config::format_listen_address(address);
  };
  const auto& settings = first.settings;
  observer_.log->info("node ready",
                      {{"version", telemetry::version},
                       {"node", node_name_},
                       {"listen", at(settings.listen, listener_->port())},
                       {"admin", at(settings.admin_listen, admin_->port())},
                       {"servers", settings.servers.size()}});
  warn_of_risks(settings, admin_->port(), *observer_.log);
  caf::anon_send(supervisor_, actors::open_atom::value);
}

/// What a hub asks for may be of a configuration that is no more in force.
std::optional<std::string> node_impl::open_cluster(const generation& first) {
  if (!in_cluster_)
    return std::nullopt;
  auto opened = cluster_seat::open(
      {.system = system_,
       .io = io_,
       .settings = first.settings,
       .rules = hub_rules_of(first),
       .depths = observer_.metrics->depths(),
       .log = observer_.log,
       .events = observer_.events,
       .drain_asked = [stop = stop_] { stop->ask_drain(); },
       .intake = intake_,
       .fire =
           [this](const std::string& trigger, std::chrono::milliseconds at) {
             generations_.current()->flows->fire(trigger, at);
           },
       .take_over =
           [this](const core::event_ptr& event) {
             const auto of =
                 generations_.find(core::number_of(event->generation));
             return of->flows->inherit(event);
           },
       .handed_over =
           [this](const std::string& id, bool done) {
             for (const auto& each : generations_.all())
               if (const auto& handing = each->letters->handing)
                 handing->answered(id, done);
           }});
  if (!opened)
    return opened.error();
  cluster_ = *std::move(opened);
  return std::nullopt;
}

std::optional<std::string> node_impl::start_actors(const generation& first) {
  auto deps = std::make_shared<actors::supervisor_deps>();
  deps->first = parts_of(first);
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

std::optional<std::string> node_impl::start_listener(const generation& first) {
  auto opened = http::listener::open(io_, first.settings, door_of(first));
  if (!opened)
    return line_about(first.file, {"listen", std::move(opened.error())});
  listener_ = std::move(*opened);
  return std::nullopt;
}

std::optional<std::string> node_impl::start_admin(const generation& first) {
  auto opened = http::admin::open(
      first.settings.admin_listen,
      {.state = state_,
       .observer = observer_,
       .node_name = node_name_,
       .instance = instance_,
       .access = first.settings.admin,
       .tls = first.tls.admin,
       .checks = [this] { return health_checks(status()); },
       .dependencies = [this] { return dependencies(status()); },
       .sources = [this] { return event_sources_.sources(); },
       .tasks = control_of(books_),
       .reload = reload_control(),
       .events = event_control(),
       .recording = recording_control(),
       .cluster = cluster_control(),
       .view = view_control(),
       .letters = letter_control()});
  if (!opened)
    return line_about(first.file, {"admin_listen", std::move(opened.error())});
  admin_ = std::move(*opened);
  return std::nullopt;
}

status_parts node_impl::status() const {
  return {.in_force = generations_.current(),
          .all = generations_.all(),
          .admission = *admission_,
          .log = *observer_.log,
          .listener = *listener_,
          .in_line = in_line(),
          .cluster = cluster_.get(),
          .sources = event_sources_.sources()};
}

http::reload_control node_impl::reload_control() {
  if (!how_.read_again)
    return {};
  return {
      .ask =
          [stop = stop_](std::string reason,
                         std::function<void(const http::reload_report&)> done) {
            stop->ask_reload({std::move(reason), std::move(done)});
          },
      .last =
          [this] {
            return last_report();
          }};
}

http::event_control node_impl::event_control() const {
  return {.book = observer_.events, .endpoints = [this] {
            const auto now = generations_.current();
            return endpoints_json(now->settings, now->workflows,
                                  *observer_.metrics);
          }};
}

http::view_control node_impl::view_control() const {
  return {.history = history_,
          .overview =
              [this] {
                const auto parts = status();
                return overview_json({.status = parts,
                                      .metrics = *observer_.metrics,
                                      .history = *history_,
                                      .since = since_,
                                      .books = books_,
                                      .phase = state_->phase(),
                                      .node_name = node_name_,
                                      .instance = instance_,
                                      .began = began_,
                                      .now = core::now_by_clocks()});
              },
          .config = [this] { return config_json(*generations_.current()); },
          .taskflows =
              [this] {
                return taskflows_json(generations_.current()->workflows);
              }};
}

http::letter_control node_impl::letter_control() {
  clerk_ = std::make_unique<letter_clerk>(letter_clerk::deps{
      .look =
          [this] {
            const auto now = generations_.current();
            letter_clerk::box box{.settings = now->settings.dead_letters};
            if (const auto& office = now->letters->office)
              box.states = office->sinks();
            return box;
          },
      .connect =
          [this] {
            const auto now = generations_.current();
            const auto carrier = std::make_shared<letter_carrier>(
                configuration{now->settings, now->workflows},
                std::map<std::string, std::string>{});
            return letter_clerk::delivery{
                [carrier](const dead_letters::letter& letter) {
                  return carrier->deliver(letter);
                },
                [carrier] {
                  carrier->abandon();
                }};
          }});
  return {.list =
              [clerk = clerk_.get()](std::size_t limit, auto done) {
                clerk->list(limit, std::move(done));
              },
          .replay =
              [clerk = clerk_.get()](std::vector<std::string> ids, auto done) {
                clerk->replay(std::move(ids), std::move(done));
              }};
}

http::recording_control node_impl::recording_control() const {
  return {
      .by = recorder_,
      .settings = [this] { return generations_.current()->settings.recording; },
      .knows =
          [this](const std::string& endpoint) {
            const auto now = generations_.current();
            return std::ranges::any_of(
                now->settings.endpoints, [&](const auto& each) {
                  return each.id == endpoint && !each.path.empty();
                });
          }};
}

http::cluster_control node_impl::cluster_control() const {
  if (!cluster_)
    return {};
  return {.table =
              [this] {
                return cluster_json(generations_.current()->settings,
                                    cluster_->report());
              },
          .drain =
              [this](const std::string& member) {
                return cluster_->ask_to_drain(member);
              }};
}

} // namespace mfo::node
